using Porpoise.Core.Environments;
using Porpoise.Core.Parameters;
using Porpoise.Core.Tasks;

namespace Porpoise.Worker.Tests.Attempts;

/// <summary>What an environment sets reaches an attempt, and chooses its Python.</summary>
public class EnvironmentTests : WorkerTest
{
    [Fact]
    public async Task Its_variables_are_those_of_the_attempt_and_the_services_own_stay()
    {
        Assert.Equal(new AttemptOutcome.Exited(0), await RunInAsync("export TOOL='/opt/a tool'\nexport PATH=$TOOL/bin:$PATH", "echo \"$TOOL|$PATH|$PORPOISE_TASK_ID\""));
        Assert.Equal("/opt/a tool|/opt/a tool/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin|12345\n", ReadLog());
    }

    [Theory]
    [InlineData("export PYTHON_LAUNCHER={0}/bin/python3")]
    [InlineData("export PYTHON_HOME={0}")]
    [InlineData("export PYTHON_HOME={0}/bin/python3")]
    public async Task It_chooses_the_Python(string config)
    {
        var home = Path.Combine(Root, "own python");
        Directory.CreateDirectory(home + "/bin");
        await File.WriteAllTextAsync(home + "/bin/python3", "#!/bin/sh\necho \"mine: $1\"\n", TestContext.Current.CancellationToken);
        File.SetUnixFileMode(home + "/bin/python3", UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Assert.Equal(new AttemptOutcome.Exited(0), await RunInAsync(config.Replace("{0}", $"'{home}'", StringComparison.Ordinal), "print(1)", ProgramLanguage.Python));
        Assert.Equal("mine: -u\n", ReadLog());
    }

    [Fact]
    public async Task A_Python_that_is_not_there_is_said()
    {
        Assert.Equal(new AttemptOutcome.Exited(127), await RunInAsync("export PYTHON_LAUNCHER=/nowhere/python", "print(1)", ProgramLanguage.Python));
        Assert.Equal("There is no Python '/nowhere/python' on this machine: install it, or set PYTHON_LAUNCHER in the node's environment.\n", ReadLog());
    }

    private Task<AttemptOutcome> RunInAsync(string config, string script, ProgramLanguage language = ProgramLanguage.Shell)
    {
        var text = language == ProgramLanguage.Python ? PythonParameters.Put(new Dictionary<string, string>(), script) : script;
        NewWorker().Start(Order(text, language) with { Environment = EnvironmentConfig.Read(config).Variables! });
        return Reports.OfAsync(Key);
    }
}
