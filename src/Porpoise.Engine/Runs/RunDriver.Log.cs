using Microsoft.Extensions.Logging;

namespace Porpoise.Engine.Runs;

public sealed partial class RunDriver
{
    [LoggerMessage(LogLevel.Warning, "Run {RunId}: the store is not available, the run will be read again: {Reason}")]
    private static partial void LogStoreUnavailable(ILogger log, int runId, string reason);

    [LoggerMessage(LogLevel.Error, "Run {RunId}: a decision could not be written, the run will be read again from the store")]
    private static partial void LogPoisoned(ILogger log, Exception e, int runId);
}
