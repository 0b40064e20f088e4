using System.Numerics.Tensors;

namespace MLNetExtensions.Training.Losses;

/// <summary>Functions of logits that neither overflow nor lose digits.</summary>
internal static class Logits
{
    /// <summary>The logarithm of the sum of the exponentials of <c>row / temperature</c>.</summary>
    public static double LogSumExp(ReadOnlySpan<float> row, double temperature = 1)
    {
        double max = TensorPrimitives.Max(row) / temperature,
            total = 0;
        foreach (float logit in row)
            total += Math.Exp(logit / temperature - max);
        return max + Math.Log(total);
    }

    /// <summary><c>log(1 + exp(x))</c>: minus the logarithm of the sigmoid of <c>-x</c>.</summary>
    public static double Softplus(double x) => Math.Max(x, 0) + Math.Log(1 + Math.Exp(-Math.Abs(x)));
}
