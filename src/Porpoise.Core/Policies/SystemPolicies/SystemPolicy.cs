using System.Diagnostics;

namespace Porpoise.Core.Policies.SystemPolicies;

/// <summary>A policy that comes with the product: nobody can change it, and every account has it.</summary>
/// <param name="Name">Compared with case; the vendor spells its own names in two ways.</param>
/// <param name="Version">The vendor's version that the list is from.</param>
/// <param name="Description">For people.</param>
/// <param name="Text">JSON. The limit of length is for policies that somebody writes.</param>
/// <param name="Document">The text, read.</param>
public sealed record SystemPolicy(string Name, string Version, string Description, string Text, PolicyDocument Document)
{
    private const int LengthMax = 16_384;

    private static readonly Dictionary<string, SystemPolicy> ByName = new SystemPolicy[]
    {
        Of("AliyunEMRServerlessSparkFullAccess", "v1", "Everything in EMR Serverless Spark.", FullAccess.Text),
        Of("AliyunEmrServerlessSparkReadOnlyAccess", "v1", "Looking at everything in EMR Serverless Spark.", ReadOnlyAccess.Text),
        Of("AliyunEMRServerlessSparkDeveloperAccess", "v9", "Developing and running in EMR Serverless Spark, but not creating or deleting workspaces.", DeveloperAccess.Text),
        Of("PorpoiseAdministratorAccess", "v1", "Everything that this service has, with users, policies and roles. It is Porpoise's own and unknown to Alibaba Cloud.", AdministratorAccess.Text),
    }.ToDictionary(p => p.Name, StringComparer.Ordinal);

    public static IReadOnlyCollection<SystemPolicy> All => ByName.Values;

    /// <summary>Null: there is none of that name.</summary>
    public static SystemPolicy? Find(string name) => ByName.GetValueOrDefault(name);

    /// <summary>The policy as attached to a user, a group or a role.</summary>
    public AttachedPolicy AttachTo(string whom) => new(Name, IsSystem: true, Version, whom, Document);

    private static SystemPolicy Of(string name, string version, string description, string text) =>
        new(name, version, description, text, PolicyReader.Read(text, PolicyKind.Identity, LengthMax, out var faults) ?? throw new UnreachableException($"{name}: {faults[0]}"));
}
