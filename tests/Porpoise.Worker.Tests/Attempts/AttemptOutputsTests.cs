using Porpoise.Core.Tasks;
using Porpoise.Worker.Attempts;

namespace Porpoise.Worker.Tests.Attempts;

/// <summary>What is found in logs and files of tasks that give something to those after them.</summary>
public sealed class AttemptOutputsTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("porpoise-outputs-");

    private string Log => Path.Combine(_folder.FullName, "log");

    private string File_ => Path.Combine(_folder.FullName, "outputs");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("${setValue(x=1)}", "1")]
    [InlineData("#{setValue(x=1)}", "1")]
    [InlineData("before ${setValue(x=1)} after", "1")]
    [InlineData("${setValue(x=1)}\n${setValue(x=2)}\n", "2")]
    [InlineData("${setValue( x =1)}", "1")]
    [InlineData("${setValue(x= a=b (c) {d} )}", " a=b (c) {d} ")]
    [InlineData("${setValue(x=two\nlines)}", "two\nlines")]
    [InlineData("${setValue(x=工)}", "工")]
    [InlineData("${setValue(x=)}", "")]
    [InlineData("${setValue(y=1)}", null)]
    [InlineData("{setValue(x=1)}", null)]
    [InlineData("${setValue(x)}", null)]
    [InlineData("${setValue(x=1", null)]
    [InlineData("${setValue(x=1)", null)]
    [InlineData("", null)]
    public void A_sign_in_the_log_is_a_value(string log, string? expected)
    {
        var (outputs, fault) = Read(log);
        Assert.Equal("", fault);
        Assert.Equal(expected, outputs.GetValueOrDefault("x"));
    }

    /// <summary>Wherever the chunks of 64 KiB that the log is read in are cut.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(50_000)]
    public void A_sign_is_found_wherever_it_stands_in_a_long_log(int length)
    {
        var value = new string('v', length);
        for (var before = 65_536 - 40; before < 65_536 + 20; before++)
        {
            Assert.Equal(value, Read(new string('.', before) + $"${{setValue(x={value})}}" + new string('.', 70_000)).Outputs["x"]);
        }
    }

    [Fact]
    public void A_sign_without_an_end_hides_no_other()
    {
        var (outputs, _) = Read("${setValue(y=" + new string('.', 400_000) + "${setValue(x=found)}");
        Assert.Equal("found", outputs["x"]);
    }

    [Theory]
    [InlineData(100_000)]
    [InlineData(196_590)]
    [InlineData(196_608)]
    [InlineData(300_000)]
    [InlineData(3_000_000)]
    public void A_value_that_is_too_long_is_never_lost_without_a_word(int length)
    {
        var (outputs, fault) = Read("begin\n#{setValue(x=" + new string('v', length) + ")}\nend\n");
        Assert.Empty(outputs);
        Assert.Contains("64 KiB", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void A_job_whose_log_shows_other_peoples_data_gives_what_is_in_its_file_only()
    {
        File.WriteAllText(Log, "${setValue(x=from a row)}");
        File.WriteAllText(File_, "{}");
        Assert.Empty(AttemptOutputs.Read(log: null, File_, ["x"]).Outputs);
        File.WriteAllText(File_, """{"x":"from the job"}""");
        Assert.Equal("from the job", AttemptOutputs.Read(log: null, File_, ["x"]).Outputs["x"]);
    }

    [Fact]
    public void Too_much_is_a_fault_that_says_what_to_do()
    {
        var (outputs, fault) = Read($"${{setValue(x={new string('v', TaskOutputs.LengthMax)})}}");
        Assert.Empty(outputs);
        Assert.Contains("64 KiB", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void The_file_of_a_job_counts_too()
    {
        File.WriteAllText(File_, """{"x":"from the file","other":"not declared"}""");
        Assert.Equal("from the file", Assert.Single(Read("").Outputs).Value);
        File.WriteAllText(File_, "nonsense");
        Assert.NotEmpty(Read("").Fault);
        File.WriteAllText(File_, $$"""{"x":"{{new string('v', 300_000)}}"}""");
        Assert.Contains("64 KiB", Read("").Fault, StringComparison.Ordinal);
    }

    private (IReadOnlyDictionary<string, string> Outputs, string Fault) Read(string log)
    {
        File.WriteAllText(Log, log);
        return AttemptOutputs.Read(Log, File_, ["x"]);
    }
}
