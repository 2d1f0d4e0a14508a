# Probability of being alive and in the first episode on a day, and mean days in it up to day 14:
# survival times the share among those seen alive on the day.

occupation <- function(part, day) {
  alive <- survfit(Surv(end, terminal == 2) ~ 1, part, id = id, influence = 1)
  i <- findInterval(day, alive$time)
  free <- if (i == 0) 1 else alive$surv[i]
  moved <- if (i == 0) 0 else alive$influence.surv[, i]
  seen <- part$end > day | (part$end == day & part$terminal != 2)
  inside <- part$code == 1 & part$time <= day & day < part$time + part$duration
  share <- mean(inside[seen])
  list(value = free * share, influence = moved * share + free * seen * (inside - share) / sum(seen))
}
logit_limits <- function(value, se, quantile, most = 1) {
  half <- quantile * se * most / (value * (most - value))
  list(value = value, se = se, low = most * plogis(qlogis(value / most) - half),
    high = most * plogis(qlogis(value / most) + half))
}
for (cohort in arms) {
  part <- input[input$cohort == cohort, ]
  each_day <- lapply(1:14, function(day) occupation(part, day))
  for (day in c(1, 3, 7)) {
    one <- each_day[[day]]
    record("state_occupation", paste(cohort, "day", day),
      logit_limits(one$value, sqrt(sum(one$influence^2)), z))
  }
  total <- rowSums(sapply(each_day, function(one) one$influence))
  n <- nrow(part)
  record("mean_days", cohort, logit_limits(sum(sapply(each_day, function(one) one$value)),
    sqrt(sum(total^2) * n / (n - 1)), qt(0.975, n - 1), 14))
}
