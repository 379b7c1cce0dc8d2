namespace Porpoise.Serving;

/// <summary>How to run the server: the options of <c>porpoise serve</c>.</summary>
internal sealed record ServeOptions(string Data, string Urls, int Slots, bool StopTasks, bool AllowRoaSignature);
