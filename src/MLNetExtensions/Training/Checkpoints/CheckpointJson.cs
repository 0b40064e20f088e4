using System.Text.Json.Serialization;

namespace MLNetExtensions.Training.Checkpoints;

/// <summary>The generated code that writes a <see cref="CheckpointManifest"/>: losses may be infinite or NaN.</summary>
[JsonSourceGenerationOptions(NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(CheckpointManifest))]
internal sealed partial class CheckpointJson : JsonSerializerContext;
