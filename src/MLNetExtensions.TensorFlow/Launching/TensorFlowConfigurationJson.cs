using System.Text.Json.Serialization;

namespace MLNetExtensions.TensorFlow.Launching;

/// <summary>The generated code that writes a <see cref="TensorFlowConfiguration"/>.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(TensorFlowConfiguration))]
internal sealed partial class TensorFlowConfigurationJson : JsonSerializerContext;
