namespace Porpoise.Bench.Reports;

/// <summary>One measured value, and how busy others kept the machine before and meanwhile (shares of all cores).</summary>
internal sealed record Figure(string Workload, int Run, string Name, string Unit, double Value, double BusyBefore, double BusyByOthers, bool IsNoisy);
