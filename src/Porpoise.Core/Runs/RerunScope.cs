namespace Porpoise.Core.Runs;

/// <summary>Which tasks of a run that has ended are run again. The numbers are what the store holds.</summary>
public enum RerunScope
{
    /// <summary>All of them.</summary>
    All = 0,

    /// <summary>Those that did not succeed, and those that were never started. What the others gave is passed on to them.</summary>
    FromFailure = 1,
}

/// <summary>That a run which had ended begins anew.</summary>
public sealed record RunRestart(RerunScope Scope, DateTimeOffset At);
