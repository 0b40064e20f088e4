using System.Text.Json.Serialization;

namespace MLNetExtensions.Training.Checkpoints;

/// <summary>How a <see cref="CheckpointManifest"/> is written, by generated code: losses may be infinite or no number.</summary>
[JsonSourceGenerationOptions(NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(CheckpointManifest))]
internal sealed partial class CheckpointJson : JsonSerializerContext;
