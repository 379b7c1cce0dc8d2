using System.Runtime.InteropServices;
using Porpoise.Core.Runs;
using Porpoise.Core.Tasks;
using Porpoise.Storage;

namespace Porpoise.Engine.Runs;

/// <summary>
/// The owner of one run: a mailbox and a turn. A turn takes everything from the mailbox, lets Core decide, makes all of it durable in one
/// change set, and only then performs the effects and acknowledges the events. So a thousand completions that arrive together are one commit.
/// A commit that fails poisons the driver: it forgets its state, and refuses events until its host tells it to read the rows again, so that
/// a failure that lasts does not become a busy loop.
/// <code>
/// events → mailbox → [ load? → Decide × n → free slots → SaveRun → other effects → acknowledge ] → mailbox empty? idle : again
/// </code>
/// Any thread may deliver; a turn runs on whoever delivered first, up to its first await.
/// </summary>
public sealed partial class RunDriver
{
    /// <summary>More events than this may not wait for one run.</summary>
    public const int MailboxMax = 100_000;

    private readonly Lock _gate = new();
    private readonly RunDriverParts _parts;
    private List<Letter> _mailbox = [];
    private List<Letter> _spare = [];
    private OwnedState? _state;
    private bool _turning;
    private bool _poisoned;
    private bool _retired;

    /// <summary>A driver that will read its run from the rows.</summary>
    public RunDriver(RunId id, RunDriverParts parts)
    {
        Id = id;
        _parts = parts;
    }

    /// <summary>The driver of a run that was started just now.</summary>
    public RunDriver(StartedRun started, RunDriverParts parts)
        : this(started.Id, parts)
    {
        _state = started.State;
        _turning = true; // until Begin: an event that comes first must wait for it
    }

    public RunId Id { get; }

    /// <summary>Performs the effects of the start, and takes the first turn. Called once, for a run that was started just now.</summary>
    public void Begin(IReadOnlyList<Effect> effects)
    {
        Perform(_state!, effects);
        _ = TurnAsync();
    }

    /// <summary>Puts an event into the mailbox. Null: the driver has been paged out; ask the host for another.</summary>
    public Task? Deliver(RunEvent e)
    {
        var letter = new Letter(e, acknowledge: true);
        lock (_gate)
        {
            if (_retired)
            {
                return null;
            }

            if (_poisoned && e is not RunEvent.Resumed)
            {
                return Task.FromException(new StoreUnavailableException("A write for this run failed, and the run is about to be read again from the store; try again in a second."));
            }

            if (_mailbox.Count >= MailboxMax)
            {
                return Task.FromException(new StoreUnavailableException("Too many events are waiting for this run; try again later."));
            }

            _mailbox.Add(letter);
            if (_turning)
            {
                return letter.Done;
            }

            _turning = true;
        }

        _ = TurnAsync();
        return letter.Done;
    }

    /// <summary>Pages the driver out if nothing is going on. True: it takes no more events.</summary>
    public bool TryRetire()
    {
        lock (_gate)
        {
            if (!_turning && _mailbox.Count == 0)
            {
                _retired = true;
            }

            return _retired;
        }
    }

    private async Task TurnAsync()
    {
        while (TakeMail() is { } mail)
        {
            try
            {
                await TakeTurnAsync(mail);
            }
            catch (Exception e)
            {
                // Whatever went wrong, memory and rows may differ now: forget, and say so to those who wait.
                Poison(mail, e);
            }

            GiveBack(mail);
        }

        if (_state?.Run.State.IsFinal() == true)
        {
            _parts.Host.OnEnded(this);
        }
        else
        {
            _parts.Host.OnIdle(this);
        }
    }

    private async Task TakeTurnAsync(List<Letter> mail)
    {
        var decision = new Decision();
        var isResumed = _state is null;
        if (_state is null)
        {
            if (await LoadAsync() is not { } loaded)
            {
                throw new KeyNotFoundException($"There is no run {Id}.");
            }

            _state = loaded;
            _poisoned = false;
            _state.Run.Resume(_parts.Clock.GetUtcNow(), decision);
        }

        Decide(mail, from: 0, isResumed, decision);
        if (!isResumed && FreeSlots(_state, decision))
        {
            // Whoever got a slot is most often this run's next task, and its claim is here by now: one commit for both.
            var decided = mail.Count;
            TakeMore(mail);
            Decide(mail, decided, isResumed, decision);
        }

        var isOwner = decision.HasChanges ? await _parts.Store.SaveRunAsync(Id, _state.Epoch, decision)
            : isResumed || !mail.Exists(static letter => letter.IsRequest) || await _parts.Store.IsOwnerAsync(Id, _state.Epoch); // that there is nothing to do is an answer too: not from a memory that is out of date
        if (!isOwner)
        {
            throw new OwnershipLostException(Id);
        }

        if (decision.HasChanges)
        {
            _parts.Feed.Publish(Id, decision);
        }

        if (decision.IsAfterEnd)
        {
            _state = _state with { Epoch = new OwnerEpoch(_state.Epoch.Value + 1) };
        }

        Perform(_state, decision.Effects);
        foreach (var letter in mail)
        {
            letter.Acknowledge();
        }
    }

    private void Decide(List<Letter> mail, int from, bool isResumed, Decision decision)
    {
        var now = _parts.Clock.GetUtcNow();
        foreach (var letter in CollectionsMarshal.AsSpan(mail)[from..])
        {
            if (isResumed && letter.Event is RunEvent.Resumed)
            {
                continue; // done already, by reading the rows
            }

            // An event happens when it is decided, however long it was on its way; only a worker knows better when an attempt ended.
            _state!.Run.Decide(letter.Event is RunEvent.AttemptEnded ? letter.Event : letter.Event with { At = now }, decision);
        }
    }

    /// <summary>
    /// The one effect that does not wait for the commit: an attempt that is over uses its slot no more, whether that is written or not. If the
    /// write fails, the run is read again as if the attempt ran, occupies the slot again, and hears once more that it is over. A run that was read
    /// just now occupies its slots among its effects, and has to free them in the same order. What an earlier event of the same turn wanted of the
    /// attempt is dropped: performed later, it would occupy the slot of an attempt of which nothing will be heard any more.
    /// </summary>
    private bool FreeSlots(OwnedState state, Decision decision)
    {
        Dictionary<int, int>? freed = null;
        for (var i = 0; i < decision.Effects.Count; i++)
        {
            if (decision.Effects[i] is Effect.FreeSlot slot)
            {
                (freed ??= [])[slot.Index] = i;
                _parts.Effects.Perform(Id, state, slot);
            }
        }

        if (freed is null)
        {
            return false;
        }

        var at = -1;
        decision.Effects.RemoveAll(effect => ++at >= 0 && (effect is Effect.FreeSlot || (IndexOfAttempt(effect) is { } index && freed.TryGetValue(index, out var end) && at < end)));
        return true;
    }

    private static int? IndexOfAttempt(Effect effect) => effect switch
    {
        Effect.ResumeAttempt resume => resume.Index,
        Effect.EndAttempt end => end.Index,
        Effect.WatchAttempt watch => watch.Index,
        _ => null,
    };

    private void Perform(OwnedState state, IReadOnlyList<Effect> effects)
    {
        foreach (var effect in effects)
        {
            if (effect is Effect.CompleteNoop noop)
            {
                // No need to leave the driver for this one: it is the next turn's first event.
                lock (_gate)
                {
                    _mailbox.Add(new Letter(new RunEvent.NoopDue(noop.Index, _parts.Clock.GetUtcNow()), acknowledge: false));
                }
            }
            else
            {
                _parts.Effects.Perform(Id, state, effect);
            }
        }
    }

    private async Task<OwnedState?> LoadAsync()
    {
        if (await _parts.Store.TakeOverRunAsync(Id) is not { } owned)
        {
            return null;
        }

        var version = await _parts.Catalog.LoadAsync(owned.Row.Workflow, owned.Row.Version)
            ?? throw new InvalidOperationException($"Run {Id} is pinned to version {owned.Row.Version} of workflow {owned.Row.Workflow}, which is not in the store.");
        var run = Run.Restore(version.Graph, owned.Row.FailureStrategy, owned.Row.State, owned.Row.BegunAt, owned.Tasks);
        var state = new OwnedState(run, owned.Epoch, owned.Row.FirstTaskId, RunTerms.Of(owned.Row), StartParameters.Read(owned.Row.StartParams), version)
        {
            Time = owned.Row.Time,
            Library = await _parts.Library.LoadAsync(owned.Row.LibraryPins),
        };
        foreach (var task in owned.Tasks.Where(t => t.Attempt > 0 && t.State is not (TaskState.Queued or TaskState.Running)))
        {
            // An owner before this one ended the attempt, and nobody here heard of it.
            _parts.Effects.Perform(Id, state, new Effect.FreeSlot(task.Index));
        }

        return state;
    }

    private void Poison(List<Letter> mail, Exception e)
    {
        var known = _state is not null || e is not KeyNotFoundException;
        _state = null;
        lock (_gate)
        {
            _poisoned = known;

            // What waits was meant for the state that is gone; whatever of it matters is derived again from the rows, or sent again.
            mail.AddRange(_mailbox);
            _mailbox.Clear();
        }

        if (e is StoreUnavailableException)
        {
            LogStoreUnavailable(_parts.Log, Id.Value, e.Message);
        }
        else if (known)
        {
            LogPoisoned(_parts.Log, e, Id.Value);
        }

        var answer = e is OwnershipLostException ? new StoreUnavailableException($"Run {Id} was taken over by another server; try again in a second.", e) : e;
        foreach (var letter in mail)
        {
            letter.Fail(answer);
        }

        if (known)
        {
            _parts.Host.OnPoisoned(this, e is not OwnershipLostException);
        }
    }

    private List<Letter>? TakeMail()
    {
        lock (_gate)
        {
            if (_mailbox.Count == 0)
            {
                _turning = false;
                return null;
            }

            var mail = _mailbox;
            _mailbox = _spare;
            _spare = null!;
            return mail;
        }
    }

    private void TakeMore(List<Letter> mail)
    {
        lock (_gate)
        {
            mail.AddRange(_mailbox);
            _mailbox.Clear();
        }
    }

    private void GiveBack(List<Letter> mail)
    {
        mail.Clear();
        lock (_gate)
        {
            _spare = mail;
        }
    }

    /// <summary>An event on its way, and whoever waits for it to be durable.</summary>
    private readonly struct Letter(RunEvent e, bool acknowledge)
    {
        private readonly TaskCompletionSource? _done = acknowledge ? new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously) : null;

        public RunEvent Event { get; } = e;

        public Task Done => _done!.Task;

        /// <summary>Somebody asks for something, and relies on the answer.</summary>
        public bool IsRequest => Event is RunEvent.StopRequested or RunEvent.TaskStopRequested or RunEvent.SuccessForced or RunEvent.RerunRequested;

        public void Acknowledge() => _done?.TrySetResult();

        public void Fail(Exception e) => _done?.TrySetException(e);
    }
}
