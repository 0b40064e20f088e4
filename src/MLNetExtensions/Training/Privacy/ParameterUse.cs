using MLNetExtensions.Onnx;

namespace MLNetExtensions.Training.Privacy;

/// <summary>The one node that uses a trainable parameter.</summary>
/// <param name="Node">The node.</param>
/// <param name="Input">The index of the input.</param>
/// <param name="Rule">The way to the parameter's gradient.</param>
/// <param name="Shape">The parameter's shape where it is an addend or a factor, aligned to the end of the output's.</param>
internal sealed record ParameterUse(OnnxNode Node, int Input, ExampleRule Rule, long[] Shape)
{
    /// <summary>The square of the constant that the gradient is multiplied by.</summary>
    public double SquaredScale
    {
        get
        {
            if (Node.OpType != "Gemm")
                return 1;
            double factor = Node.Float(Input == 2 ? "beta" : "alpha", 1);
            return factor * factor;
        }
    }

    /// <summary>
    /// The dimensions of a gradient [rows, rest of the first dimension, sizes ...] that an addend or a factor is repeated along.
    /// </summary>
    /// <param name="sizes">The sizes of the node's output behind the first.</param>
    public long[] RepeatedAxes(long[] sizes)
    {
        // What lies between the examples and the parameter's own dimensions is summed too.
        var axes = new List<long> { 1 };
        for (int i = 0; i < sizes.Length; i++)
        {
            int own = Shape.Length - sizes.Length + i;
            if ((own < 0 || Shape[own] == 1) && sizes[i] > 1)
                axes.Add(i + 2);
        }
        return [.. axes];
    }
}
