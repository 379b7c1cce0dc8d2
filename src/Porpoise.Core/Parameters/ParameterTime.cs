using System.Globalization;
using Porpoise.Core.Schedules;

namespace Porpoise.Core.Parameters;

/// <summary>
/// The moment that the time parameters of a run stand for: the one that its starter named, else that of its start. It is the same for all tasks and attempts of the run, also when it is run again.
/// </summary>
/// <param name="Moment">A point in time.</param>
/// <param name="TimeZone">IANA name of the zone whose clocks are read.</param>
public sealed record ParameterTime(DateTimeOffset Moment, string TimeZone)
{
    /// <summary>What the names of all parameters begin with that are there without anybody giving them.</summary>
    public const string NameStart = "system.";

    private const string Day = "yyyyMMdd";

    private static readonly string[] Names = ["system.biz.date", "system.biz.curdate", "system.datetime"];

    /// <summary>False: this machine does not know the zone, and so not what its clocks show.</summary>
    public bool HasZone => ScheduleParser.FindZone(TimeZone) is not null;

    private TimeZoneInfo Zone => ScheduleParser.FindZone(TimeZone) ?? throw new TimeZoneNotFoundException($"This machine does not know the time zone {TimeZone}.");

    private DateTime Reading => TimeZoneInfo.ConvertTime(Moment, Zone).DateTime;

    /// <summary>What <c>$[expression]</c> yields; null: it is no time expression.</summary>
    /// <exception cref="TimeZoneNotFoundException">See <see cref="HasZone"/>.</exception>
    public string? Evaluate(string expression) => TimeExpression.Evaluate(expression, Reading, Zone);

    /// <summary>Of a parameter that is there without anybody giving it; null: there is none of this name.</summary>
    /// <exception cref="TimeZoneNotFoundException">See <see cref="HasZone"/>.</exception>
    public string? BuiltIn(string name) => name switch
    {
        "system.biz.date" => Reading.AddDays(-1).ToString(Day, CultureInfo.InvariantCulture),
        "system.biz.curdate" => Reading.ToString(Day, CultureInfo.InvariantCulture),
        "system.datetime" => Reading.ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture),
        _ => null,
    };

    /// <summary>The values, and those that are there without anybody giving them; a value that somebody gave under such a name counts.</summary>
    /// <exception cref="TimeZoneNotFoundException">See <see cref="HasZone"/>.</exception>
    public IReadOnlyDictionary<string, string> AddTo(IReadOnlyDictionary<string, string> values)
    {
        var all = new Dictionary<string, string>(values, StringComparer.Ordinal);
        foreach (var name in Names)
        {
            all.TryAdd(name, BuiltIn(name)!);
        }

        return all;
    }
}
