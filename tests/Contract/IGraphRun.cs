using MLNetExtensions.Onnx;

namespace MLNetExtensions.TrainingContract;

/// <summary>A graph that <see cref="RuntimeUnderTest.Compile"/> made ready.</summary>
internal interface IGraphRun : IDisposable
{
    /// <summary>The operators of the lowered graph's nodes, in order: those that the runtime's kernels do.</summary>
    IReadOnlyList<string> OpTypes { get; }

    /// <summary>Computes the graph's outputs.</summary>
    /// <param name="inputs">The graph's inputs by name.</param>
    /// <returns>
    /// The distinct outputs in the graph's order, of the shape and element type in which the kernels leave them. Where a runtime holds an
    /// ONNX type in another (an unsigned integer in a wider signed one) and the output is held so, it is given in the ONNX type.
    /// </returns>
    IReadOnlyList<OnnxTensor> Run(IReadOnlyDictionary<string, OnnxTensor> inputs);

    /// <summary>The gradients of the first output, times <paramref name="outputGradient"/> and summed.</summary>
    /// <param name="inputs">The graph's inputs by name.</param>
    /// <param name="outputGradient">Of the first output's shape and type.</param>
    /// <param name="with">The inputs for which gradients are wanted.</param>
    /// <returns>A gradient of the input's shape and type for each of them; an input that the output does not depend on has none.</returns>
    IReadOnlyDictionary<string, OnnxTensor> Gradients(
        IReadOnlyDictionary<string, OnnxTensor> inputs,
        OnnxTensor outputGradient,
        IReadOnlyCollection<string> with
    );
}
