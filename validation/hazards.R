# Tests of two arms and of six studies; regression of hazards.

chisq <- function(fit) {
  df <- sum(fit$n > 0) - 1
  list(statistic = fit$chisq, p = pchisq(fit$chisq, df, lower.tail = FALSE))
}
gray <- function(fit) list(
  "event statistic" = fit$Tests["1", "stat"], "event p" = fit$Tests["1", "pv"],
  "competing statistic" = fit$Tests["2", "stat"], "competing p" = fit$Tests["2", "pv"])
for (clock in c("onset", "grade3")) {
  d <- clocks[[clock]]
  s <- Surv(d$t, d$e == 1)
  record("logrank", paste(clock, "arms"), chisq(survdiff(s ~ arm, d)))
  record("logrank", paste(clock, "studies"), chisq(survdiff(s ~ study, d)))
  stratified <- survdiff(s ~ arm + strata(disease), d)
  record("logrank", paste(clock, "arms by disease"), list(
    statistic = stratified$chisq, p = pchisq(stratified$chisq, 1, lower.tail = FALSE)))
  record("logrank", paste(clock, "arms rho 1"), chisq(survdiff(s ~ arm, d, rho = 1)))
  record("gray", paste(clock, "arms"), gray(cuminc(d$t, d$e, d$arm)))
  record("gray", paste(clock, "studies"), gray(cuminc(d$t, d$e, d$study)))
  record("gray", paste(clock, "arms by disease"), gray(cuminc(d$t, d$e, d$arm, strata = d$disease)))
}

# ---- Cox, proportional hazards
tight <- coxph.control(eps = 1e-11, iter.max = 100)
cox <- function(name, formula, ..., transforms = c("km", "rank", "identity")) {
  fit <- do.call(coxph, list(formula, onset, control = tight, ...))
  robust <- !is.null(fit$naive.var)
  terms <- names(coef(fit))
  record_each("cox", name, terms, "coefficient", coef(fit))
  record_each("cox", name, terms, if (robust) "robust se" else "se", sqrt(diag(fit$var)))
  if (robust) return(invisible())
  record("cox", name, list("log-likelihood" = fit$loglik[2], "score" = fit$score,
    "likelihood ratio" = 2 * diff(fit$loglik), "wald" = fit$wald.test[[1]]))
  for (transform in transforms) {
    table <- cox.zph(fit, transform = transform)$table
    for (term in rownames(table)) record("proportional_hazards", paste(name, transform, term), list(
      statistic = table[term, "chisq"], p = table[term, "p"]))
  }
}
one <- Surv(t, e == 1) ~ arm
all <- Surv(t, e == 1) ~ arm + age + sex + lines
cox("efron", one)
cox("breslow", one, ties = "breslow", transforms = NULL)
cox("adjusted", all)
cox("adjusted breslow", all, ties = "breslow", transforms = NULL)
cox("stratified", update(one, ~ . + strata(disease)), transforms = NULL)
cox("adjusted stratified", update(all, ~ . + strata(disease)), transforms = NULL)
cox("robust", one, robust = TRUE, cluster = onset$id)
cox("overlap weights", one, weights = schemes$overlap, robust = TRUE, cluster = onset$id)

# ---- grouped hazards: one row for each subject and day, a parameter for each day with an event
grouped <- function(d) {
  days <- sort(unique(d$t[d$e == 1]))
  rows <- merge(d[c("id", "arm", "t", "e")], data.frame(day = days))
  rows <- rows[rows$t >= rows$day, ]
  rows$now <- rows$e == 1 & rows$t == rows$day
  fit <- polished(now ~ 0 + factor(day) + arm, binomial("cloglog"), rows)
  list(coefficient = coef(fit)[["arm"]], se = sqrt(vcov(fit)["arm", "arm"]))
}
for (clock in c("onset", "grade3")) record("grouped_hazard", clock, grouped(clocks[[clock]]))

# ---- Cox with Firth's penalty: log-likelihood plus half the log information, by coxph at a point
penalised <- function(beta, d) {
  at <- coxph(Surv(t, e == 1) ~ arm, d, init = beta, ties = "breslow",
    control = coxph.control(iter.max = 0))
  at$loglik[2] - 0.5 * log(at$var[1, 1])
}
firth <- function(d) profile_limits(function(beta) penalised(beta, d))
one_sided <- transform(onset, e = ifelse(arm == 1, e, 0))
record("firth_cox", "onset", firth(onset))
record("firth_cox", "no event in one arm", firth(one_sided))

# ---- Fine-Gray
subdistribution <- function(name, covariates, cause) {
  fit <- crr(onset$t, onset$e, onset[covariates], failcode = cause, gtol = 1e-12, maxiter = 50)
  record_each("fine_gray", name, covariates, "coefficient", fit$coef)
  record_each("fine_gray", name, covariates, "se", sqrt(diag(fit$var)))
}
subdistribution("event", "arm", 1)
subdistribution("competing", "arm", 2)
subdistribution("event adjusted", c("arm", "age", "sex", "lines"), 1)
