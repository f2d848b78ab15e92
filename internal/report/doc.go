// Package report shows how a run goes and what came of it: progress on the
// terminal, metrics in a CSV file, plots in PNG files.
//
//   - [Progress] draws a bar on a terminal and writes plain lines everywhere else.
//   - [Metrics] appends one [Row] an epoch to a CSV file and survives resuming;
//     [ParseMetrics] reads such a file back and names the line of anything wrong.
//   - [PlotAccuracy], [PlotLoss] and [PlotROC] draw the curves. A plot replaces its
//     file only once it is complete.
package report
