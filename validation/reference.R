# Second, independent program of the statistics: input.csv and episodes.csv in, expected.json out.
#
#   Rscript validation/reference.R [output]
#
# It shares nothing with the Python but the two files; README.md beside it says which function
# stands for what, and how near the two must come. Packages, all in Debian: survival, cmprsk, MASS,
# jsonlite.

suppressPackageStartupMessages({
  library(survival)
  library(cmprsk)
  library(jsonlite)
})
options(warn = 2)

here <- dirname(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE)))
output <- c(commandArgs(trailingOnly = TRUE), file.path(here, "expected.json"))[1]
input <- read.csv(file.path(here, "input.csv"))
episodes <- read.csv(file.path(here, "episodes.csv"))
input$cohort <- ifelse(input$arm == 1, "car_t", "bispecific")
z <- qnorm(0.975)
arms <- c("car_t", "bispecific")
days <- c(1, 3, 7, 14, 28)

numbers <- list()
record <- function(quantity, name, values) {
  for (what in names(values)) {
    numbers[[quantity]][[trimws(paste(name, what))]] <<- values[[what]]
  }
}

record_each <- function(quantity, name, terms, what, values) {
  record(quantity, name, as.list(setNames(values, paste(terms, what))))
}

# The standard error of glm is that of the step before the last, so it starts from the end again.
polished <- function(...) {
  tight <- list(epsilon = 1e-14, maxit = 100)
  glm(..., start = coef(glm(..., control = tight)), control = tight)
}

# Maximum of a log-likelihood of one log ratio, and where it is half a chi-square lower.
profile_limits <- function(loglik) {
  best <- optimize(loglik, c(-8, 8), maximum = TRUE, tol = 1e-10)
  lower <- function(beta) best$objective - loglik(beta) - qchisq(0.95, 1) / 2
  root <- function(range) exp(uniroot(lower, range, tol = 1e-12)$root)
  list(value = exp(best$maximum), low = root(c(best$maximum - 8, best$maximum)),
    high = root(c(best$maximum, best$maximum + 12)))
}

# First CRS, first day of grade >= 3, recovery: e is 1 for the event, 2 competing, 0 censored.
onset <- data.frame(input, t = input$time, e = pmin(input$code, 2))
severe <- input$grade >= 3
grade3 <- data.frame(input, t = ifelse(severe, input$max_day, input$end),
                     e = ifelse(severe, 1, pmin(input$terminal, 2)))
recovery <- data.frame(input, t = input$duration, e = input$recovery)[input$code == 1, ]
clocks <- list(onset = onset, grade3 = grade3, recovery = recovery)
each <- function(visit) {
  for (clock in names(clocks)) for (cohort in arms) {
    visit(clocks[[clock]], clock, cohort)
  }
}

for (part in c("curves", "weighted", "hazards", "episodes", "occupation", "grades")) {
  source(file.path(here, paste0(part, ".R")))
}

versions <- c(R = as.character(getRversion()))
for (package in c("survival", "cmprsk", "MASS", "jsonlite")) {
  versions[package] <- as.character(packageVersion(package))
}
writeLines(toJSON(list(versions = as.list(versions), numbers = numbers),
  auto_unbox = TRUE, digits = NA, na = "null", pretty = TRUE), output)
