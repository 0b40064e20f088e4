using System.Text.Json.Serialization;

namespace MLNetExtensions.Tool.Diagnosing;

/// <summary>How findings are written as JSON.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    WriteIndented = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(IReadOnlyList<Finding>))]
internal sealed partial class DoctorJson : JsonSerializerContext;
