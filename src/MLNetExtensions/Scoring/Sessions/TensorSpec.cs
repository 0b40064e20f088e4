using Microsoft.ML.OnnxRuntime;
using MLNetExtensions.Onnx;
using MLNetExtensions.Scoring.Tensors;

namespace MLNetExtensions.Scoring.Sessions;

/// <summary>An input or output as the model states it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">The type of its elements; undefined where it is no tensor.</param>
/// <param name="Sizes">The sizes of its dimensions; -1 for those that a caller chooses.</param>
/// <param name="SizeNames">The names of its dimensions; empty if they have none.</param>
internal sealed record TensorSpec(string Name, OnnxElementType Type, IReadOnlyList<long> Sizes, IReadOnlyList<string> SizeNames)
{
    /// <summary>The way its elements are stored.</summary>
    /// <exception cref="OnnxFormatException">It is no tensor, or of a type that ML.NET does not have.</exception>
    public TensorKind Kind =>
        TensorKind.Of(Type)
        ?? throw new OnnxFormatException(
            Type == OnnxElementType.Undefined
                ? $"The model's value '{Name}' is a sequence, map or optional value; only tensors can be columns. Leave it out of the "
                    + $"outputs, or export the model "
                    + "without it (scikit-learn exports: option zipmap=False)."
                : $"The model's value '{Name}' is of element type {Type}, which ML.NET does not have. Put a Cast to Float beside it "
                    + $"when exporting the model."
        );

    /// <summary>Reads what ONNX Runtime says of a value.</summary>
    public static TensorSpec Of(string name, NodeMetadata metadata) =>
        metadata.IsTensor
            ? new TensorSpec(
                name,
                (OnnxElementType)(int)metadata.ElementDataType,
                [.. metadata.Dimensions.Select(d => (long)d)],
                metadata.SymbolicDimensions
            )
            : new TensorSpec(name, OnnxElementType.Undefined, [], []);

    /// <inheritdoc/>
    public override string ToString() =>
        $"'{Name}' {Type}[{string.Join(',', Sizes.Select((size, i) => size >= 0 ? $"{size}" : SizeNames[i].Length > 0 ? SizeNames[i] : "?"))}]";
}
