using System.Text.Json.Serialization;

namespace MLNetExtensions.TensorFlow.Launching;

/// <summary>How a <see cref="TensorFlowConfiguration"/> is written, by generated code.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(TensorFlowConfiguration))]
internal sealed partial class TensorFlowConfigurationJson : JsonSerializerContext;
