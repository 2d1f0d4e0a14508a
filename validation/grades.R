# Proportions, odds, ordered grades, agreement of two readers.

limits <- function(x) list(value = x$estimate[[1]], low = x$conf.int[1], high = x$conf.int[2])
n <- table(input$arm)[c("1", "0")]
# fisher.test stops looking for its limits at 1e-4, so they are found here from the distribution.
conditional <- function(x, n) {
  support <- max(0, sum(x) - n[[2]]):min(n[[1]], sum(x))
  chance <- function(ratio) {
    log_p <- dhyper(support, n[[1]], n[[2]], sum(x), log = TRUE) + ratio * support
    exp(log_p - max(log_p)) / sum(exp(log_p - max(log_p)))
  }
  root <- function(f) exp(uniroot(f, c(-10, 10), tol = 1e-13)$root)
  list(
    value = root(function(ratio) sum(support * chance(ratio)) - x[1]),
    low = root(function(ratio) sum(chance(ratio)[support >= x[1]]) - 0.025),
    high = root(function(ratio) sum(chance(ratio)[support <= x[1]]) - 0.025))
}
for (cut in 1:4) {
  name <- paste("grade >=", cut)
  high <- input$grade >= cut
  x <- c(sum(high[treated]), sum(high[!treated]))
  wilson <- lapply(1:2, function(i) limits(prop.test(x[i], n[i], correct = FALSE)))
  for (i in 1:2) {
    record("clopper_pearson", paste(name, arms[i]), limits(binom.test(x[i], n[i])))
    record("wilson", paste(name, arms[i]), wilson[[i]])
  }
  p <- lapply(1:2, function(i) x[i] / n[[i]])
  record("newcombe", name, list(value = p[[1]] - p[[2]],
    low = p[[1]] - p[[2]] - sqrt((p[[1]] - wilson[[1]]$low)^2 + (wilson[[2]]$high - p[[2]])^2),
    high = p[[1]] - p[[2]] + sqrt((wilson[[1]]$high - p[[1]])^2 + (p[[2]] - wilson[[2]]$low)^2)))
  record("fisher", name, list(p = fisher.test(rbind(x, n - x))$p.value))
  record("conditional_odds_ratio", name, conditional(x, n))
  odds <- polished(high ~ arm, binomial, data.frame(input, high))
  se <- sqrt(vcov(odds)["arm", "arm"])
  record("odds_ratio", name, list(value = exp(coef(odds)[["arm"]]),
    low = exp(coef(odds)[["arm"]] - z * se), high = exp(coef(odds)[["arm"]] + z * se)))
}

# ---- odds ratio with Firth's penalty, the intercept maximised out
penalised <- function(beta, x, n) {
  loglik <- function(a) {
    p <- plogis(a + c(beta, 0))
    w <- n * p * (1 - p)
    sum(dbinom(x, n, p, log = TRUE)) + 0.5 * log(w[1] * w[2])
  }
  optimize(loglik, c(-12, 12), maximum = TRUE, tol = 1e-10)$objective
}
firth_odds <- function(name, x) {
  record("firth_odds_ratio", name, profile_limits(function(beta) penalised(beta, x, n)))
}
for (cut in 3:4) {
  x <- tapply(input$grade >= cut, input$arm, sum)[c("1", "0")]
  firth_odds(paste("grade >=", cut), x)
}
firth_odds("no event in one arm", c(x[1], 0))

# ---- proportion pooled over studies: binomial within, normal on the logit scale between
size <- as.vector(table(input$study))
with_crs <- as.vector(tapply(input$code == 1, input$study, sum))
loss <- function(at) {
  one <- function(x, n) integrate(function(u) {
    exp(dbinom(x, n, plogis(at[1] + exp(at[2]) * u), log = TRUE)) * dnorm(u)
  }, -10, 10, rel.tol = 1e-12, subdivisions = 500)$value
  -sum(log(mapply(one, with_crs, size)))
}
best <- optim(c(0, -1), loss, method = "BFGS", control = list(reltol = 1e-15), hessian = TRUE)
record("pooled_proportion", "any CRS", list(logit = best$par[1], tau2 = exp(2 * best$par[2]),
  se = sqrt(solve(best$hessian)[1, 1])))

# ---- ordered grades
ordered <- function(name, formula) {
  fit <- MASS::polr(formula, input, Hess = TRUE, control = list(reltol = 1e-15, maxit = 1000))
  record("proportional_odds", name, list(coefficient = coef(fit)[["arm"]],
    se = sqrt(vcov(fit)["arm", "arm"]), "log-likelihood" = as.numeric(logLik(fit))))
  fit
}
fit <- ordered("arm", factor(grade) ~ arm)
invisible(ordered("arm and covariates", factor(grade) ~ arm + age + disease))
# With one binary covariate, odds that differ at each cut are the two arms' own distributions.
counts <- table(input$arm, input$grade)
free <- sum(ifelse(counts > 0, counts * log(prop.table(counts, 1)), 0))
statistic <- 2 * (free - as.numeric(logLik(fit)))
record("nominal_test", "arm", list(statistic = statistic,
  p = pchisq(statistic, ncol(counts) - 2, lower.tail = FALSE)))

# ---- agreement; the standard error by the delta method with a numerical gradient, no formula
kappa_of <- function(cells, w) {
  p <- matrix(cells / sum(cells), nrow(w))
  1 - sum((1 - w) * p) / sum((1 - w) * outer(rowSums(p), colSums(p)))
}
both <- table(factor(input$grade, 0:5), factor(input$grade_again, 0:5))
for (power in 1:2) {
  w <- 1 - (abs(outer(0:5, 0:5, "-")) / 5)^power
  p <- as.vector(both) / sum(both)
  step <- 1e-5
  gradient <- vapply(seq_along(p), function(i) {
    up <- replace(p, i, p[i] + step)
    down <- replace(p, i, p[i] - step)
    (kappa_of(up, w) - kappa_of(down, w)) / (2 * step)
  }, 0)
  value <- kappa_of(p, w)
  se <- sqrt((sum(p * gradient^2) - sum(p * gradient)^2) / sum(both))
  record("kappa", c("linear", "quadratic")[power], list(
    value = value, se = se, low = value - z * se, high = value + z * se))
}
