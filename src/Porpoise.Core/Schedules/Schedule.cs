namespace Porpoise.Core.Schedules;

/// <summary>When a workflow is to be started by itself.</summary>
/// <param name="Crontab">Quartz cron expression, seconds first.</param>
/// <param name="TimeZone">IANA name of the zone in which the expression is read.</param>
/// <param name="From">First moment at which it may fire; null: at once.</param>
/// <param name="Until">Last moment at which it may fire; null: for ever.</param>
public sealed record Schedule(string Crontab, string TimeZone, DateTimeOffset? From, DateTimeOffset? Until);
