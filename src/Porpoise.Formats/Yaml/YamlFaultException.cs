namespace Porpoise.Formats.Yaml;

/// <summary>The text is no YAML, or YAML that is not taken here.</summary>
internal sealed class YamlFaultException(Position at, string message) : Exception(message)
{
    public Position At => at;
}
