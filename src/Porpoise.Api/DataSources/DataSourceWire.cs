using System.Text.Json;
using System.Text.Json.Serialization;
using Porpoise.Api.Operations;
using Porpoise.Api.Runs;
using Porpoise.Core.DataSources;
using Porpoise.Storage.DataSources;

namespace Porpoise.Api.DataSources;

/// <summary>A data source as DolphinScheduler answers it, in its lists and alone: never with a password.</summary>
internal sealed record DolphinDataSource(
    int Id, string Name, string Note, string Type, string Host, int Port, string Database, string UserName, JsonElement? Other, string ConnectionParams, string CreateTime, string UpdateTime)
{
    public static DolphinDataSource Of(DataSourceRow row)
    {
        var settings = row.Settings;
        return new(
            row.Id, settings.Name, settings.Note, DataSourceTypes.NameOf(settings.Type), settings.Host, settings.Port, settings.Database, settings.User,
            settings.Options.Length == 0 ? null : JsonElement.Parse(settings.Options),
            JsonSerializer.Serialize(new ConnectionParams(settings.User, row.EncryptedPassword is null ? "" : DataSourceOperations.HiddenPassword, settings.Place, settings.Database), DataSourceJson.Default.ConnectionParams),
            DolphinTime.Write(row.CreatedAt), DolphinTime.Write(row.UpdatedAt));
    }
}

/// <summary>What DolphinScheduler's lists have as JSON text.</summary>
internal sealed record ConnectionParams(string User, string Password, string Address, string Database);

/// <summary>A data source at the addresses of our own.</summary>
/// <param name="HasPassword">True: there is one; nobody is told which.</param>
internal sealed record DataSourceView(
    int Id, string Name, string Type, string Note, string Host, int Port, string Database, string UserName, IReadOnlyDictionary<string, string> Options, bool HasPassword, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    public static DataSourceView Of(DataSourceRow row) => new(
        row.Id, row.Settings.Name, DataSourceTypes.NameOf(row.Settings.Type), row.Settings.Note, row.Settings.Host, row.Settings.Port, row.Settings.Database, row.Settings.User,
        DataSourceOptions.Read(row.Settings.Options), row.EncryptedPassword is not null, row.CreatedAt, row.UpdatedAt);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(DolphinDataSource))]
[JsonSerializable(typeof(IReadOnlyList<DolphinDataSource>))]
[JsonSerializable(typeof(DolphinPage<DolphinDataSource>))]
[JsonSerializable(typeof(ConnectionParams))]
[JsonSerializable(typeof(DataSourceView))]
[JsonSerializable(typeof(IReadOnlyList<DataSourceView>))]
[JsonSerializable(typeof(bool))]
internal sealed partial class DataSourceJson : JsonSerializerContext;
