namespace MLNetExtensions.Onnx.Networks;

/// <summary>Arithmetic on the values of a network under construction; sizes of 1 are repeated.</summary>
internal static class NetworkArithmetic
{
    /// <summary>A constant; no parameter, whatever its shape.</summary>
    /// <param name="network">The network.</param>
    /// <param name="name">Its name.</param>
    /// <param name="shape">Its shape. The first dimension stands for the batch, so 1 there is every row's.</param>
    /// <param name="values">Its values, in C order.</param>
    public static NetworkValue Constant(this NetworkBuilder network, string name, int[] shape, float[] values)
    {
        OnnxTensor tensor = OnnxTensor.FromFloats(name, Array.ConvertAll(shape, size => (long)size), values);
        return new NetworkValue(network, network.AddInitializer(tensor, isConstant: true, isFixed: true), shape[1..]);
    }

    public static NetworkValue Minus(this NetworkValue a, NetworkValue b) => a.Network.Combine("Sub", a, b);

    public static NetworkValue Over(this NetworkValue a, NetworkValue b) => a.Network.Combine("Div", a, b);

    public static NetworkValue Plus(this NetworkValue a, float b) => a.Network.Combine("Add", a, a.Network.Number(b));

    public static NetworkValue Times(this NetworkValue a, float b) => a.Network.Combine("Mul", a, a.Network.Number(b));

    public static NetworkValue Squared(this NetworkValue a) => a * a;

    public static NetworkValue AtLeast(this NetworkValue a, float b) => a.Network.Combine("Max", a, a.Network.Number(b));

    /// <summary>The larger one of each pair of values.</summary>
    public static NetworkValue Max(NetworkValue a, NetworkValue b) => a.Network.Combine("Max", a, b);

    /// <summary>The smallest one of some values, place by place.</summary>
    public static NetworkValue Min(params NetworkValue[] values) => values[0].Network.Combine("Min", values);

    /// <summary>A function of one value, by its operator.</summary>
    public static NetworkValue Map(this NetworkValue a, string opType, params OnnxAttribute[] attributes) =>
        a.Network.Combine(opType, [a], attributes);

    /// <summary>1 where the condition holds and 0 elsewhere.</summary>
    public static NetworkValue Where(NetworkValue a, string comparison, NetworkValue b) =>
        a.Network.Combine(comparison, a, b).Map("Cast", OnnxAttribute.Of("to", (long)OnnxElementType.Float));

    /// <inheritdoc cref="Where(NetworkValue, string, NetworkValue)"/>
    public static NetworkValue Where(NetworkValue a, string comparison, float b) => Where(a, comparison, a.Network.Number(b));

    /// <summary>Values clipped to a range.</summary>
    public static NetworkValue Clip(this NetworkValue a, float low, float high) =>
        a.Network.Combine("Clip", [a, a.Network.Number(low), a.Network.Number(high)]);

    /// <summary>A reduction over axes, the batch being 0; the axes stay, with size 1.</summary>
    public static NetworkValue Reduce(this NetworkValue a, string opType, params long[] axes) =>
        a.Network.Combine(opType, [a, a.Network.Integers("axes", axes)], OnnxAttribute.Of("keepdims", 1L));

    /// <summary>A value in another shape.</summary>
    /// <param name="a">The value.</param>
    /// <param name="sizes">The sizes behind the batch; one may be -1.</param>
    public static NetworkValue Reshape(this NetworkValue a, params long[] sizes) =>
        a.Network.Combine("Reshape", [a, a.Network.Integers("shape", [0, .. sizes])]);

    /// <summary>A part of a value along an axis, the batch being 0.</summary>
    public static NetworkValue Slice(this NetworkValue a, int axis, long start, long end) =>
        a.Network.Combine(
            "Slice",
            [a, a.Network.Integers("starts", start), a.Network.Integers("ends", end), a.Network.Integers("axes", axis)]
        );

    public static NetworkValue Transpose(this NetworkValue a, params long[] order) => a.Map("Transpose", OnnxAttribute.Of("perm", order));

    /// <summary>
    /// The value, from which no gradient goes back, to some binary digits behind the point. Rounding has no gradient, and is an operator that
    /// every runtime has.
    /// </summary>
    /// <param name="a">The value.</param>
    /// <param name="digits">The digits; with those before the point at most 24, which a float holds.</param>
    public static NetworkValue WithoutGradient(this NetworkValue a, int digits)
    {
        float scale = MathF.ScaleB(1, digits);
        return a.Times(scale).Map("Round").Times(1 / scale);
    }

    /// <summary>A constant number.</summary>
    public static NetworkValue Number(this NetworkBuilder network, float value) =>
        new(network, network.AddInitializer(OnnxTensor.FromFloats("number", [], [value]), isConstant: true), []);

    private static NetworkValue Integers(this NetworkBuilder network, string name, params long[] values) =>
        new(network, network.AddInitializer(OnnxTensor.FromInt64s(name, [values.Length], values), isConstant: true), []);
}
