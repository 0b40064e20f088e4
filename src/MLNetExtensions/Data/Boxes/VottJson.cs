using System.Text.Json.Serialization;

namespace MLNetExtensions.Data.Boxes;

/// <summary>Generated code that reads <see cref="VottFile"/>.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(VottFile))]
internal sealed partial class VottJson : JsonSerializerContext;
