using System.Text.Json.Serialization;

namespace Porpoise.Client.Identities;

/// <summary>How identities are written; also for whoever shows them.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(User))]
[JsonSerializable(typeof(UserDetail))]
[JsonSerializable(typeof(Page<User>), TypeInfoPropertyName = "UserPage")]
[JsonSerializable(typeof(Group))]
[JsonSerializable(typeof(GroupDetail))]
[JsonSerializable(typeof(Page<Group>), TypeInfoPropertyName = "GroupPage")]
[JsonSerializable(typeof(Role))]
[JsonSerializable(typeof(RoleDetail))]
[JsonSerializable(typeof(Page<Role>), TypeInfoPropertyName = "RolePage")]
[JsonSerializable(typeof(Policy))]
[JsonSerializable(typeof(PolicyDetail))]
[JsonSerializable(typeof(Page<Policy>), TypeInfoPropertyName = "PolicyPage")]
[JsonSerializable(typeof(PolicyVersion))]
[JsonSerializable(typeof(Page<PolicyVersion>), TypeInfoPropertyName = "PolicyVersionPage")]
[JsonSerializable(typeof(Page<PolicyAttachment>), TypeInfoPropertyName = "PolicyAttachmentPage")]
[JsonSerializable(typeof(Page<PolicyHolder>), TypeInfoPropertyName = "PolicyHolderPage")]
[JsonSerializable(typeof(AccessCheck))]
[JsonSerializable(typeof(AccessKey))]
[JsonSerializable(typeof(Page<AccessKey>), TypeInfoPropertyName = "AccessKeyPage")]
[JsonSerializable(typeof(ApiToken))]
[JsonSerializable(typeof(Page<ApiToken>), TypeInfoPropertyName = "ApiTokenPage")]
public sealed partial class IdentityJson : JsonSerializerContext;
