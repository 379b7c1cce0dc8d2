using System.Text.Json;
using Porpoise.Api.Monitor;
using Porpoise.Api.Tests.Runs;
using Porpoise.Api.Tests.Serving;

namespace Porpoise.Api.Tests.Monitor;

public sealed class MonitorTests(ApiServer server) : ApiTest(server)
{
    [Theory]
    [InlineData("masters")]
    [InlineData("workers")]
    public async Task A_server_shows_with_the_figures_that_their_UI_draws(string kind)
    {
        var row = Assert.Single((await Dolphin.GetAsync("/dolphinscheduler/monitor/" + kind)).Data().EnumerateArray());
        RunListTests.Expect(row, $$"""{"id":1,"host":"here","port":{{Server.Url.Port}}}""");
        using var figures = JsonDocument.Parse(row.GetProperty("resInfo").GetString()!);
        foreach (var share in (string[])["cpuUsage", "memoryUsage", "diskUsage"])
        {
            Assert.InRange(figures.RootElement.GetProperty(share).GetDouble(), 0, 1);
        }

        Assert.True(figures.RootElement.GetProperty("availablePhysicalMemorySize").GetDouble() > 0);
        Assert.True(figures.RootElement.GetProperty("diskAvailable").GetDouble() > 0);
        Assert.Equal(Environment.ProcessId, figures.RootElement.GetProperty("processId").GetInt32());
        Assert.Equal(kind == "workers", figures.RootElement.TryGetProperty("workerExecThreadCount", out var slots));
        Assert.True(kind == "masters" || slots.GetInt32() == 64);
    }

    [Fact]
    public async Task The_store_says_whether_it_takes_writes() =>
        RunListTests.Expect(Assert.Single((await Dolphin.GetAsync("/dolphinscheduler/monitor/databases")).Data().EnumerateArray()), """{"dbType":"SQLITE","state":"YES","maxConnections":0,"threadsConnections":0}""");
}

public sealed class MachineGaugeTests
{
    [Fact]
    public void The_memory_of_the_machine_is_read()
    {
        Assert.Equal((16316412, 9035868), MachineGauge.ParseMemory(["MemTotal:       16316412 kB", "MemFree:         1 kB", "MemAvailable:    9035868 kB", "HugePages_Total:       0"]));
        Assert.Equal((0, 0), MachineGauge.ParseMemory([]));
        Assert.Equal((0, 0), MachineGauge.ParseMemory(["MemTotal: much", ""]));
    }

    [Theory]
    [InlineData("0.52 0.58 0.59 1/467 12345", 0.52)]
    [InlineData("12.00 1 1", 12)]
    [InlineData("", 0)]
    [InlineData("none", 0)]
    public void The_load_is_that_of_the_last_minute(string line, double expected) => Assert.Equal(expected, MachineGauge.ParseLoad([line]));

    [Fact]
    public void Waiting_for_a_disk_counts_as_idle_and_guests_are_not_counted_twice()
    {
        Assert.Equal(new MachineGauge.CpuTimes(100 + 1 + 50 + 800 + 49 + 0 + 5 + 2, 849), MachineGauge.ParseCpu(["cpu  100 1 50 800 49 0 5 2 77 88", "cpu0 1 2 3 4"]));
        Assert.Equal(default, MachineGauge.ParseCpu([]));
        Assert.Equal(default, MachineGauge.ParseCpu(["cpu 1 2"]));
    }
}
