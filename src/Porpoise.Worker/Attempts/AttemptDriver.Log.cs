using Microsoft.Extensions.Logging;

namespace Porpoise.Worker.Attempts;

internal sealed partial class AttemptDriver
{
    [LoggerMessage(LogLevel.Information, "Attempt {Tag} was claimed before; it is not started again")]
    private partial void LogClaimedBefore(string tag);

    [LoggerMessage(LogLevel.Warning, "Attempt {Tag} waits: {Reason} ({Folder})")]
    private partial void LogNoRoom(string tag, string reason, string folder);

    [LoggerMessage(LogLevel.Warning, "Attempt {Tag} waits: its data source cannot be looked up at the moment")]
    private partial void LogNoDataSource(Exception e, string tag);

    [LoggerMessage(LogLevel.Error, "Attempt {Tag}: {Reason}")]
    private partial void LogImpossible(string tag, string reason);

    [LoggerMessage(LogLevel.Information, "Attempt {Tag} still runs as process {Pid} and is taken up again")]
    private partial void LogAdopted(string tag, int pid);

    [LoggerMessage(LogLevel.Warning, "Process {Pid} cannot be watched yet: {Reason}")]
    private partial void LogNoDescriptor(int pid, string reason);

    [LoggerMessage(LogLevel.Warning, "Attempt {Tag} cannot be revoked yet: {Reason}")]
    private partial void LogNotRevoked(string tag, string reason);

    [LoggerMessage(LogLevel.Warning, "Attempt {Tag} is ended without a mark on disk: {Reason}")]
    private partial void LogNotMarked(string tag, string reason);
}
