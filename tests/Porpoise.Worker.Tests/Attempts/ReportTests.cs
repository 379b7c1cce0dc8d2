using Porpoise.Core.Tasks;

namespace Porpoise.Worker.Tests.Attempts;

public sealed class ReportTests : WorkerTest
{
    [Fact]
    public async Task A_report_is_repeated_until_it_is_accepted_and_then_not_again()
    {
        var reports = new RecordedReports(failures: 3);
        var worker = NewWorker(attach: false);
        worker.Attach(reports);
        worker.Start(Order("exit 2"));
        Assert.Equal(new AttemptOutcome.Exited(2), await reports.OfAsync(Key));
        await worker.DisposeAsync();
        Assert.Equal(3, reports.Refused);
        Assert.Single(reports.Accepted);
    }

    [Fact]
    public async Task A_report_that_is_due_before_the_engine_is_there_waits_for_it()
    {
        var done = NewPipe();
        var worker = NewWorker(attach: false);
        worker.Start(Order($"echo >{done}"));
        await done.ReadAsync();
        worker.Attach(Reports);
        Assert.Equal(new AttemptOutcome.Exited(0), await Reports.OfAsync(Key));
    }

    [Fact]
    public async Task A_worker_that_cannot_report_can_be_disposed_and_the_next_reports()
    {
        var failing = new RecordedReports(failures: int.MaxValue);
        var worker = NewWorker(attach: false);
        worker.Attach(failing);
        worker.Start(Order("exit 2"));
        await worker.DisposeAsync().AsTask().WaitAsync(Patience, TestContext.Current.CancellationToken);
        NewWorker().Resume(Order(""));
        Assert.True(await Reports.OfAsync(Key) is AttemptOutcome.Exited { Code: 2 } or AttemptOutcome.Lost);
    }

    [Fact]
    public async Task After_it_is_disposed_a_worker_takes_no_calls()
    {
        var worker = NewWorker();
        await worker.DisposeAsync();
        worker.Start(Order("true"));
        worker.Resume(Order("true"));
        worker.End(Order("true"));
        Assert.Empty(Reports.Accepted);
        Assert.False(Directory.Exists(Folder.Path));
    }

    [Fact]
    public void An_install_id_that_would_break_the_tag_is_refused() =>
        Assert.Throws<ArgumentException>(() => NewWorker(options => options with { InstallId = "a/b" }));
}
