# Mean number of episodes per subject: death ends counting (Ghosh-Lin) or censors it.

spells <- function(part) {
  rows <- lapply(seq_len(nrow(part)), function(i) {
    own <- sort(episodes$day[episodes$id == part$id[i]])
    stop <- unique(c(own, part$end[i]))
    data.frame(id = part$id[i], start = c(0, head(stop, -1)), stop = stop, event = stop %in% own)
  })
  do.call(rbind, rows)
}
last <- function(fit, matrix, day) {
  i <- findInterval(day, fit$time)
  if (i == 0) rep(0, nrow(matrix)) else matrix[, i]
}
# Ghosh & Lin 2000: the sum of S(t-) dR(t) / Y(t), S being free of a terminal event. Its variance
# is the sum over subjects of the squared derivative by their weight, by the rule of the product.
ghosh_lin <- function(ended, counted, day) {
  grid <- counted$time[counted$time <= day]
  value <- 0
  change <- 0
  before <- rep(0, nrow(counted$influence.chaz))
  chaz <- 0
  for (u in grid) {
    i <- findInterval(u - 0.5, ended$time)
    free <- if (i == 0) 1 else ended$surv[i]
    now <- counted$cumhaz[match(u, counted$time)]
    influence <- last(counted, counted$influence.chaz, u)
    value <- value + free * (now - chaz)
    earlier <- last(ended, ended$influence.surv, u - 0.5)
    change <- change + earlier * (now - chaz) + free * (influence - before)
    chaz <- now
    before <- influence
  }
  list(value = value, se = sqrt(sum(change^2)))
}
for (cohort in arms) {
  part <- input[input$cohort == cohort, ]
  counted <- survfit(Surv(start, stop, event) ~ 1, spells(part), id = id, influence = 2)
  ended <- survfit(Surv(end, terminal > 0) ~ 1, part, id = id, influence = 1)
  stopifnot(identical(rownames(counted$influence.chaz), rownames(ended$influence.surv)))
  for (day in days) {
    at <- findInterval(day, counted$time)
    record("mean_function", paste(cohort, "day", day), list(
      value = counted$cumhaz[at], se = counted$std.chaz[at]))
    record("ghosh_lin", paste(cohort, "day", day), ghosh_lin(ended, counted, day))
  }
}
