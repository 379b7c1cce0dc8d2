using System.Text.Json;
using Porpoise.Api.Operations;
using Porpoise.Core.DataSources;

namespace Porpoise.Api.DataSources;

/// <summary>A data source as callers describe it. DolphinScheduler's clients and our own use the same names.</summary>
internal static class DataSourceParameters
{
    /// <summary>DolphinScheduler's members for Kerberos and for other databases, which none of ours has.</summary>
    private static readonly string[] NotHonoured = ["principal", "javaSecurityKrb5Conf", "loginUserKeytabUsername", "loginUserKeytabPath", "connectType", "catalog", "endpoint", "dbUser"];

    /// <param name="now">As it is; what the call does not name stays so. Null: there is none yet.</param>
    public static DataSourceSettings Read(Parameters parameters, DataSourceSettings? now)
    {
        foreach (var name in NotHonoured)
        {
            parameters.RefuseUnless(name);
        }

        var type = parameters.Text("type") is not { } typeName ? now?.Type ?? throw Parameters.Missing("type")
            : DataSourceTypes.Read(typeName) ?? throw Parameters.Invalid("type", $"one of {DataSourceTypes.NamesForPeople}");
        var settings = new DataSourceSettings(
            parameters.Text("name") ?? now?.Name ?? throw Parameters.Missing("name"),
            type,
            parameters.Text("note") ?? now?.Note ?? "",
            parameters.Text("host") ?? now?.Host ?? "",
            parameters.Int("port", 0, 65_535) ?? (now is null || now.Type != type ? DataSourceTypes.PortOf(type) : now.Port),
            parameters.Text("database") ?? now?.Database ?? "",
            parameters.Text("userName") ?? now?.User ?? "",
            parameters.Text("other") is { } other ? ReadOptions(other) : now?.Options ?? "");
        return settings.FindFault() is { } fault ? throw Parameters.Invalid(fault.Parameter, fault.Takes) : settings;
    }

    private static string ReadOptions(string text)
    {
        try
        {
            var options = JsonElement.Parse(text);
            if (options.ValueKind == JsonValueKind.Object)
            {
                return DataSourceOptions.Write(options.EnumerateObject().DistinctBy(o => o.Name)
                    .ToDictionary(o => o.Name, o => o.Value.ValueKind == JsonValueKind.String ? o.Value.GetString()! : o.Value.GetRawText()));
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Said below.
        }

        throw Parameters.Invalid("other", "a JSON object");
    }
}
