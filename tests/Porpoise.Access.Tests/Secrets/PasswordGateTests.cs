using Microsoft.Extensions.Time.Testing;
using Porpoise.Access.Secrets;

namespace Porpoise.Access.Tests.Secrets;

public sealed class PasswordGateTests : IDisposable
{
    private static readonly string Hash = PasswordHash.Of("right");

    private readonly FakeTimeProvider _clock = new();
    private readonly PasswordGate _gate;

    public PasswordGateTests() => _gate = new PasswordGate(_clock);

    public void Dispose() => _gate.Dispose();

    [Fact]
    public async Task A_few_wrong_passwords_close_a_name_for_a_while_even_to_the_right_one()
    {
        for (var i = 0; i < PasswordGate.FailuresMax; i++)
        {
            Assert.Equal(new PasswordVerdict(false, null), await CheckAsync("ann", "1.1.1.1", "wrong"));
        }

        Assert.Equal(new PasswordVerdict(false, PasswordGate.Window), await CheckAsync("Ann", "2.2.2.2", "right"));
        Assert.Equal(new PasswordVerdict(true, null), await CheckAsync("bob", "1.1.1.1", "right"));
        _clock.Advance(PasswordGate.Window);
        Assert.Equal(new PasswordVerdict(true, null), await CheckAsync("ann", "1.1.1.1", "right"));
    }

    [Fact]
    public async Task A_right_password_forgives_the_wrong_ones_before_it()
    {
        for (var round = 0; round < 2; round++)
        {
            for (var i = 0; i < PasswordGate.FailuresMax - 1; i++)
            {
                await CheckAsync("ann", "1.1.1.1", "wrong");
            }

            Assert.True((await CheckAsync("ann", "1.1.1.1", "right")).IsRight);
        }
    }

    [Fact]
    public async Task An_address_that_tries_many_names_is_closed_too()
    {
        for (var i = 0; i < 4 * PasswordGate.FailuresMax; i++)
        {
            Assert.Null((await CheckAsync($"user{i}", "1.1.1.1", "wrong")).Wait);
        }

        Assert.NotNull((await CheckAsync("somebody", "1.1.1.1", "right")).Wait);
        Assert.True((await CheckAsync("somebody", "2.2.2.2", "right")).IsRight);
    }

    [Fact]
    public async Task Guesses_sent_at_once_are_counted_too()
    {
        var verdicts = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => CheckAsync("ann", "1.1.1.1", "wrong")));
        Assert.Equal(PasswordGate.FailuresMax, verdicts.Count(v => v.Wait is null));
    }

    [Fact]
    public async Task Somebody_unknown_is_wrong_whatever_the_password() => Assert.Equal(new PasswordVerdict(false, null), await _gate.CheckAsync("nobody", "1.1.1.1", "right", storedHash: null));

    private Task<PasswordVerdict> CheckAsync(string name, string address, string password) => _gate.CheckAsync(name, address, password, Hash);
}
