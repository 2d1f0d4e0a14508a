# Kaplan-Meier, cumulative incidence, restricted mean time, time lost: one curve per arm.

# A curve exists while somebody is followed, and for good where the last subject had an event.
known <- function(part, at = days) {
  last <- max(part$t)
  if (any(part$e[part$t == last] == 0)) at[at <= last] else at
}

# ---- Kaplan-Meier, its quantiles, numbers at risk, restricted mean; everything else censors
three <- function(q) list(value = q$quantile[[1]], low = q$lower[[1]], high = q$upper[[1]])
pair <- list()
each(function(data, clock, cohort) {
  part <- data[data$cohort == cohort, ]
  name <- paste(clock, cohort)
  fit <- survfit(Surv(t, e == 1) ~ 1, part, conf.type = "log-log")
  for (day in known(part)) {
    at <- summary(fit, times = day, extend = TRUE)
    record("kaplan_meier", paste(name, "day", day), list(
      survival = at$surv, se = at$std.err, low = at$lower, high = at$upper))
    record("at_risk", paste(name, "day", day), list(n = at$n.risk))
  }
  for (p in c(25, 50, 75)) {
    record("quantile", paste(name, p), three(quantile(fit, probs = p / 100)))
  }
  area <- summary(fit, rmean = 14)$table
  pair[[clock]][[cohort]] <<- list(value = area[["rmean"]], se = area[["se(rmean)"]])
  record("restricted_mean", name, pair[[clock]][[cohort]])
})
for (clock in names(pair)) {
  a <- pair[[clock]]$car_t
  b <- pair[[clock]]$bispecific
  se <- sqrt(a$se^2 + b$se^2)
  ratio <- log(a$value / b$value)
  se_ratio <- sqrt((a$se / a$value)^2 + (b$se / b$value)^2)
  record("restricted_mean_difference", clock, list(
    value = a$value - b$value, low = a$value - b$value - z * se, high = a$value - b$value + z * se))
  record("restricted_mean_ratio", clock, list(
    value = exp(ratio), low = exp(ratio - z * se_ratio), high = exp(ratio + z * se_ratio)))
}
followed <- survfit(Surv(end, terminal != 2) ~ 1, input, conf.type = "log-log")
record("quantile", "follow-up 50", three(quantile(followed, probs = 0.5)))
record("observed_quantiles", "days of recovered", as.list(setNames(
  quantile(recovery$t[recovery$e == 1], c(0.25, 0.5, 0.75), type = 2), c("q1", "median", "q3"))))

# ---- cumulative incidence, its difference (square and add), time lost
incidence <- function(part, weights = rep(1, nrow(part))) {
  part$w <- weights
  part$state <- factor(part$e, 0:2, c("censored", "event", "competing"))
  survfit(Surv(t, state) ~ 1, part, weights = w, id = id, influence = 1, conf.type = "log-log")
}
at_day <- function(fit, day) {
  at <- summary(fit, times = day, extend = TRUE)
  i <- match("event", fit$states)
  list(value = at$pstate[1, i], se = at$std.err[1, i], low = at$lower[1, i], high = at$upper[1, i])
}
# R has no quantiles of an incidence; those of a survival curve turned round follow the same rule.
as_survival <- function(fit) {
  i <- match("event", fit$states)
  turned <- survfit(Surv(rep(fit$time, 2)) ~ 1)
  stopifnot(length(turned$time) == length(fit$time))
  turned$surv <- 1 - fit$pstate[, i]
  turned$lower <- 1 - fit$upper[, i]
  turned$upper <- 1 - fit$lower[, i]
  turned
}
lost <- list()
each(function(data, clock, cohort) {
  part <- data[data$cohort == cohort, ]
  name <- paste(clock, cohort)
  fit <- incidence(part)
  for (day in known(part)) {
    record("cumulative_incidence", paste(name, "day", day), at_day(fit, day))
  }
  for (p in c(25, 50)) {
    record("incidence_quantile", paste(name, p), three(quantile(as_survival(fit), probs = p / 100)))
  }
  area <- summary(fit, rmean = 14)$table["event", ]
  lost[[clock]][[cohort]] <<- list(value = area[["rmean"]], se = area[["se(rmean)"]])
  record("restricted_time_lost", name, lost[[clock]][[cohort]])
})
for (clock in names(clocks)) {
  a <- lost[[clock]]$car_t
  b <- lost[[clock]]$bispecific
  se <- sqrt(a$se^2 + b$se^2)
  record("restricted_time_lost_difference", clock, list(
    value = a$value - b$value, low = a$value - b$value - z * se, high = a$value - b$value + z * se))
  for (day in c(7, 14)) {
    p <- lapply(arms, function(cohort) {
      at_day(incidence(clocks[[clock]][clocks[[clock]]$cohort == cohort, ]), day)
    })
    gap <- p[[1]]$value - p[[2]]$value
    record("incidence_difference", paste(clock, "day", day), list(value = gap,
      low = gap - sqrt((p[[1]]$value - p[[1]]$low)^2 + (p[[2]]$high - p[[2]]$value)^2),
      high = gap + sqrt((p[[1]]$high - p[[1]]$value)^2 + (p[[2]]$value - p[[2]]$low)^2)))
  }
}
