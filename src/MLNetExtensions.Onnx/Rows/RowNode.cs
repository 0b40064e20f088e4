namespace MLNetExtensions.Onnx.Rows;

/// <summary>A node on the way of the rows through a graph: what comes into it.</summary>
/// <param name="Node">The node.</param>
/// <param name="Opset">The version of its domain's operator set.</param>
/// <param name="Inputs">The facts known about its inputs; fixed if one is not given.</param>
internal sealed record RowNode(OnnxNode Node, int Opset, IReadOnlyList<RowValue> Inputs)
{
    /// <summary>The input at an index; null if it is not given.</summary>
    public RowValue? Input(int index) => Node.HasInput(index) ? Inputs[index] : null;

    /// <summary>True if all inputs except the given ones are the same for any rows.</summary>
    public bool AreFixedBut(params ReadOnlySpan<int> indices)
    {
        for (int i = 0; i < Inputs.Count; i++)
            if (!indices.Contains(i) && !Inputs[i].IsFixed)
                return false;
        return true;
    }

    /// <summary>Numbers that older versions give as an attribute and newer ones as an input.</summary>
    /// <param name="attribute">The attribute's name.</param>
    /// <param name="input">The input's index.</param>
    /// <param name="isGiven">True if there are any.</param>
    /// <returns>The numbers; null if there are none, or where they are not known.</returns>
    public long[]? Numbers(string attribute, int input, out bool isGiven)
    {
        long[]? numbers = Node.Ints(attribute);
        isGiven = numbers is not null || Node.HasInput(input);
        return numbers ?? Input(input)?.Numbers;
    }

    /// <summary>An axis that is counted from the front; null if it counts from the end of an unknown number of dimensions.</summary>
    public static int? FromFront(long axis, int? rank) =>
        axis >= 0 ? (int)axis
        : rank is int known && axis + known >= 0 ? (int)(axis + known)
        : null;

    /// <summary>An output in which rows are mixed.</summary>
    /// <param name="how">The node's effect, as the end of the message.</param>
    public RowValue Mixes(string how) => RowValue.Because(new RowFinding(RowVerdict.Dependent, $"{Node.Describe()} {how}"));

    /// <summary>An output that cannot be followed.</summary>
    public RowValue Hides(string what = "may mix rows") =>
        RowValue.Because(new RowFinding(RowVerdict.Unknown, $"{Node.Describe()} {what}"));

    /// <summary>An output with the rows and sizes of an input.</summary>
    public static RowValue Like(RowValue value) =>
        value.IsRows ? RowValue.Rows(value.Axis, value.Sizes)
        : value.Flow == RowFlow.Count ? RowValue.Count(value.Sizes)
        : RowValue.Fixed(value.Sizes);
}
