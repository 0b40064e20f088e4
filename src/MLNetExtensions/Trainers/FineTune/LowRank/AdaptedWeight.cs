using MLNetExtensions.Onnx;

namespace MLNetExtensions.Trainers.FineTune.LowRank;

/// <summary>
/// A weight that a product of two matrices is added to. Its values in C order are <see cref="Groups"/> matrices of <see cref="Rows"/> x
/// <see cref="Columns"/>, and so is the product of <see cref="Left"/> [groups, rows, rank] and <see cref="Right"/> [groups, rank, columns].
/// </summary>
/// <param name="Name">The initializer's name.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="Groups">The number of a convolution's groups; 1 for other layers.</param>
/// <param name="InputsFirst">True for [inputs, outputs], as MatMul and Gemm without transB have it.</param>
internal sealed record AdaptedWeight(string Name, IReadOnlyList<long> Shape, int Groups, bool InputsFirst)
{
    /// <summary>The parameter name of the left matrix.</summary>
    public string Left => $"{Name}/lora_left";

    /// <summary>The parameter name of the right matrix.</summary>
    public string Right => $"{Name}/lora_right";

    /// <summary>The value that layers read in place of the weight.</summary>
    public string Sum => $"{Name}/adapted";

    /// <summary>The rows of a group.</summary>
    public int Rows => (int)(Shape[0] / Groups);

    /// <summary>The columns of a group.</summary>
    public int Columns => (int)Shape.Skip(1).Aggregate(1L, (product, size) => product * size);

    /// <summary>The number of a product's parameters.</summary>
    public long ParameterCount(int rank) => (long)Groups * rank * (Rows + Columns);

    /// <summary>The initial matrices: uniform draws on the inputs' side, zeros on the outputs'.</summary>
    public OnnxTensor[] Initial(int rank, Random random)
    {
        float[] left = new float[Groups * Rows * rank],
            right = new float[Groups * rank * Columns],
            drawn = InputsFirst ? left : right;
        float bound = 1 / MathF.Sqrt(InputsFirst ? Rows : Columns);
        for (int i = 0; i < drawn.Length; i++)
            drawn[i] = (2 * random.NextSingle() - 1) * bound;
        return [OnnxTensor.FromFloats(Left, [Groups, Rows, rank], left), OnnxTensor.FromFloats(Right, [Groups, rank, Columns], right)];
    }

    /// <summary>The weight with the product added, summed in double precision.</summary>
    /// <param name="weight">The weight.</param>
    /// <param name="left">The left matrix.</param>
    /// <param name="right">The right matrix.</param>
    /// <param name="scale">The product's factor.</param>
    public OnnxTensor Fold(OnnxTensor weight, OnnxTensor left, OnnxTensor right, float scale)
    {
        float[] values = weight.ToFloats();
        ReadOnlySpan<float> leftValues = left.ToFloats(),
            rightValues = right.ToFloats();
        int rank = (int)left.Shape[2];
        for (int row = 0; row < Groups * Rows; row++)
        {
            int group = row / Rows;
            for (int column = 0; column < Columns; column++)
            {
                double sum = 0;
                for (int r = 0; r < rank; r++)
                    sum += (double)leftValues[row * rank + r] * rightValues[(group * rank + r) * Columns + column];
                int place = row * Columns + column;
                values[place] = (float)(values[place] + scale * sum);
            }
        }
        return OnnxTensor.FromFloats(Name, [.. weight.Shape], values);
    }
}
