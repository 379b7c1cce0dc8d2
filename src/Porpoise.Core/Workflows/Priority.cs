namespace Porpoise.Core.Workflows;

/// <summary>Which tasks get a free slot first. The numbers are DolphinScheduler's: lower goes first.</summary>
public enum Priority
{
    Highest = 0,
    High = 1,
    Medium = 2,
    Low = 3,
    Lowest = 4,
}
