# Writes every FOLDER/*.csv as FOLDER/*.sas7bdat; columns.txt says which columns are numbers.
folder <- commandArgs(TRUE)[1]
columns <- read.csv(file.path(folder, "columns.txt"), colClasses = "character")
for (name in unique(columns$file)) {
  own <- columns[columns$file == name, ]
  classes <- setNames(ifelse(own$kind == "number", "numeric", "character"), own$column)
  rows <- read.csv(file.path(folder, paste0(name, ".csv")), colClasses = classes,
                   na.strings = "", check.names = FALSE, encoding = "UTF-8")
  texts <- own$column[own$kind != "number"]
  rows[texts] <- lapply(rows[texts], function(x) ifelse(is.na(x), "", x))
  suppressWarnings(haven::write_sas(rows, file.path(folder, paste0(name, ".sas7bdat"))))
}
