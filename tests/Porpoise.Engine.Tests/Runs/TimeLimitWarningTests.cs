using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Porpoise.Core.Runs;
using Porpoise.Core.Workflows;
using Porpoise.Engine.Dispatch;
using Porpoise.Engine.Queues;
using Porpoise.Engine.Suite.Benches;
using Porpoise.Storage;

namespace Porpoise.Engine.Tests.Runs;

/// <summary>What the log says of runs and attempts that take too long.</summary>
public sealed class TimeLimitWarningTests : IEngineHosting, IDisposable
{
    private readonly Lines _log = new();

    [Theory]
    [InlineData(TimeLimitAction.Warn, 2)]
    [InlineData(TimeLimitAction.WarnAndFail, 1)] // the run's time is up first, and ends the attempt before its own is
    [InlineData(TimeLimitAction.Fail, 0)]
    public async Task Limits_that_warn_write_a_line(TimeLimitAction action, int lines)
    {
        var clock = new FakeTimeProvider();
        await using var bench = await EngineBench.OpenAsync(this, clock: clock);
        bench.Worker.Hold("a");
        var shape = Shape.Single("a").With(t => t with { TimeLimit = new(TimeSpan.FromMinutes(2), action) }).WithAll(d => d with { TimeLimit = new(TimeSpan.FromMinutes(1), action) });
        var run = await bench.StartAsync(shape);
        await bench.Effects.PerformedAsync(run, new Effect.WatchAttempt(0, 1, clock.GetUtcNow() + TimeSpan.FromMinutes(2)));
        clock.Advance(TimeSpan.FromMinutes(1));
        if (action == TimeLimitAction.Warn)
        {
            clock.Advance(TimeSpan.FromMinutes(1));
            await bench.Effects.PerformedAsync(run, new Effect.WarnOfAttempt(0, 1, TimeSpan.FromMinutes(2)));
            bench.Worker.Release("a");
        }

        await bench.EndAsync(run);
        Assert.Equal(
            new[] { "Run 1 of 'a-1' takes longer than its limit of 00:01:00", "Task 'a' of run 1 (task 1, attempt 1) takes longer than its limit of 00:02:00" }.Take(lines),
            _log.Warnings);
    }

    public Task<OpenEngine> OpenAsync(IStore store, IWorker worker, EngineOptions options, TimeProvider clock, QueueCatalog queues)
    {
        var engine = new RunEngine(store, worker, options, clock, _log, queues: queues);
        return Task.FromResult(new OpenEngine(engine, async () => await engine.DisposeAsync()));
    }

    public void Dispose() => _log.Dispose();

    private sealed class Lines : ILoggerFactory, ILogger
    {
        public ConcurrentQueue<string> Warnings { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (logLevel >= LogLevel.Warning)
            {
                Warnings.Enqueue(formatter(state, exception));
            }
        }

        public void Dispose()
        {
        }
    }
}
