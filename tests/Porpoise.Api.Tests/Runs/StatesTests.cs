using Porpoise.Api.Operations;
using Porpoise.Api.Runs;
using Porpoise.Core.Runs;
using Porpoise.Core.Tasks;

namespace Porpoise.Api.Tests.Runs;

public sealed class StatesTests
{
    [Fact]
    public void Every_state_that_is_shown_can_be_asked_for()
    {
        Assert.All(States.AllRunStates, s => Assert.Equal([s], States.ReadRunStates(Of(States.Of(s)))));
        Assert.All(States.AllTaskStates, s => Assert.Equal([s], States.ReadTaskStates(Of(States.Of(s)))));
    }

    [Theory]
    [InlineData("", null)]
    [InlineData("SUCCESS", "Succeeded")]
    [InlineData("success, FAILURE,SUCCESS", "Succeeded Failed")]
    [InlineData("READY_STOP", "Stopping")]
    [InlineData("KILL", "")]
    [InlineData("PAUSE,KILL", "")]
    [InlineData("PAUSE,STOP", "Stopped")]
    public void Several_may_be_asked_for_at_once(string text, string? expected) =>
        Assert.Equal(expected, States.ReadRunStates(Of(text)) is { } states ? string.Join(' ', states) : null);

    [Theory]
    [InlineData("KILL", "Killed")]
    [InlineData("SUBMITTED_SUCCESS", "Queued")]
    [InlineData("DELAY_EXECUTION", "RetryWaiting")]
    [InlineData("STOP", "")]
    [InlineData("FORCED_SUCCESS", "Succeeded")]
    public void Tasks_have_words_of_their_own(string text, string expected) => Assert.Equal(expected, string.Join(' ', States.ReadTaskStates(Of(text))!));

    [Theory]
    [InlineData("DONE")]
    [InlineData("1")]
    [InlineData("SUCCESS;FAILURE")]
    public void Other_words_are_refused(string text) => Assert.Throws<Api.Errors.RefusalException>(() => States.ReadRunStates(Of(text)));

    [Theory]
    [InlineData(0, "0s")]
    [InlineData(61, "1m 1s")]
    [InlineData(3_600, "1h 0m 0s")]
    [InlineData(90_061, "1d 1h 1m 1s")]
    public void A_duration_leaves_out_what_is_zero_at_its_front(int seconds, string expected) => Assert.Equal(expected, States.Duration(TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void No_state_is_forgotten()
    {
        Assert.All(Enum.GetValues<RunState>(), s => Assert.NotEmpty(States.Of(s)));
        Assert.All(Enum.GetValues<TaskState>().Where(s => s != TaskState.Waiting), s => Assert.NotEmpty(States.Of(s)));
    }

    private static Parameters Of(string states) => new(new Dictionary<string, string> { ["stateType"] = states });
}
