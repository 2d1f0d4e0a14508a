"""Reports: self-contained HTML pages made from result rows; nothing here computes a statistic."""
