# Propensity of the arm, weights, balance, weighted cumulative incidence.

model <- polished(arm ~ age + sex + lines + disease, binomial, input)
score <- unname(fitted(model))
some <- seq(1, nrow(input), by = 40)
record("propensity", "subject", as.list(setNames(score[some], input$id[some])))
treated <- input$arm == 1
share <- mean(treated)
variance <- function(x) if (all(x %in% 0:1)) mean(x) * (1 - mean(x)) else var(x)
schemes <- list(
  given = input$weight,
  overlap = ifelse(treated, 1 - score, score),
  ate = ifelse(treated, share / score, (1 - share) / (1 - score)),
  att = ifelse(treated, 1, score / (1 - score))
)
for (scheme in names(schemes)) {
  w <- schemes[[scheme]]
  for (cohort in arms) {
    mine <- input$cohort == cohort
    fit <- incidence(onset[mine, ], w[mine])
    for (day in days) {
      record("weighted_incidence", paste(scheme, cohort, "day", day), at_day(fit, day))
    }
    size <- sum(w[mine])^2 / sum(w[mine]^2)
    record("effective_sample_size", paste(scheme, cohort), list(n = size))
  }
  # The denominator is that of the unweighted arms, so that weights cannot move it.
  for (x in c("age", "sex", "lines", "disease")) {
    values <- input[[x]]
    means <- c(
      weighted.mean(values[treated], w[treated]),
      weighted.mean(values[!treated], w[!treated])
    )
    spread <- sqrt((variance(values[treated]) + variance(values[!treated])) / 2)
    record("standardised_mean_difference", paste(scheme, x), list(value = -diff(means) / spread))
  }
}
