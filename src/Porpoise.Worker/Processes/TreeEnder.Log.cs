using Microsoft.Extensions.Logging;

namespace Porpoise.Worker.Processes;

internal sealed partial class TreeEnder
{
    [LoggerMessage(LogLevel.Error, "The processes of this machine cannot be read; trying again")]
    private partial void LogLookFailed(Exception e);

    [LoggerMessage(LogLevel.Warning, "Attempt {Tag} cannot be ended: processes {Pids} are still there ({Reason})")]
    private partial void LogStuck(string tag, string pids, string reason);
}
