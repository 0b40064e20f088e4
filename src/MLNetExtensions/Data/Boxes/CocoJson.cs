using System.Text.Json.Serialization;

namespace MLNetExtensions.Data.Boxes;

/// <summary>Generated code that reads <see cref="CocoFile"/>.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(CocoFile))]
internal sealed partial class CocoJson : JsonSerializerContext;
