namespace MLNetExtensions.TensorFlow.Ops;

/// <summary>
/// <see href="https://onnx.ai/onnx/operators/onnx__Einsum.html">Einsum</see>, by TensorFlow's op for two operands at a time. Its gradients
/// are in no C++ registry; they are products too once every label stands for one size, at most once in an operand, and is also in the other
/// operand or the result.
/// </summary>
internal static class Einsum
{
    public static OpResult[] Compile(OpCompilation op)
    {
        string equation = op.Node.String("equation", "").Replace(" ", "", StringComparison.Ordinal);
        string[] sides = equation.Split("->"),
            given = sides[0].Split(',');
        int dots = given
            .Select(
                (labels, i) =>
                    Named(labels) is int named && labels.Contains("...", StringComparison.Ordinal)
                        ? op.InputType(i).Shape.Length - named
                        : 0
            )
            .Max();
        string[] labels = [.. given.Select((text, i) => Spell(text, op.InputType(i).Shape.Length - Named(text)))];
        string result =
            sides.Length == 2
                ? Spell(sides[1], dots)
                : Dots(dots)
                    + string.Concat(
                        string.Concat(given).Where(char.IsAsciiLetter).GroupBy(c => c).Where(c => c.Count() == 1).Select(c => c.Key).Order()
                    );

        Symbol[] x = [.. labels.Select((_, i) => op.Widen(op.Input(i)))];
        for (int i = 0; i < x.Length; i++)
            (x[i], labels[i]) = Prepare(op, x[i], labels[i], result + string.Concat(labels.Where((_, other) => other != i)));
        Symbol product = x[0];
        string of = labels[0];
        for (int i = 1; i < x.Length; i++)
        {
            string later = result + string.Concat(labels[(i + 1)..]);
            string both =
                i == x.Length - 1
                    ? string.Concat(result.Where(c => (of + labels[i]).Contains(c, StringComparison.Ordinal)))
                    : string.Concat((of + labels[i]).Distinct().Where(later.Contains));
            product = Multiply(op, product, of, x[i], labels[i], both);
            of = both;
        }
        product = op.Transpose(product, [.. result.Where(of.Contains).Select(label => (long)of.IndexOf(label, StringComparison.Ordinal))]);
        // Dimensions of size 1 that an ellipsis broadcasts were left out.
        return [op.Reshape(product, op.OutputType(0).Shape)];
    }

    /// <summary>The number of dimensions that letters stand for.</summary>
    private static int Named(string labels) => labels.Count(char.IsAsciiLetter);

    /// <summary>An ellipsis as digits, the last dimension being 0, so that those of all operands meet at the end.</summary>
    private static string Dots(int count) => string.Concat(Enumerable.Range(0, count).Reverse().Select(i => (char)('0' + i)));

    private static string Spell(string labels, int dots) => labels.Replace("...", Dots(dots), StringComparison.Ordinal);

    /// <summary>An operand with every label once, and only those that <paramref name="others"/> have too.</summary>
    private static (Symbol X, string Labels) Prepare(OpCompilation op, Symbol x, string labels, string others)
    {
        // The dimensions that an ellipsis broadcasts.
        long[] shape = x.Shape;
        int[] kept = [.. Enumerable.Range(0, shape.Length).Where(i => !char.IsAsciiDigit(labels[i]) || shape[i] != 1)];
        (x, labels) = (op.Reshape(x, [.. kept.Select(i => shape[i])]), string.Concat(kept.Select(i => labels[i])));

        string once = string.Concat(labels.Distinct());
        if (once.Length < labels.Length)
        {
            string all = labels;
            x = op.Step(
                [x],
                Run(op.Graph, Letters($"{all}->{once}"), x),
                outputs => [Run(op.Graph, Letters($"{once}->{all}"), outputs[0]!.Value)]
            );
            labels = once;
        }
        long[] alone =
        [
            .. Enumerable.Range(0, labels.Length).Where(i => !others.Contains(labels[i], StringComparison.Ordinal)).Select(i => (long)i),
        ];
        if (alone.Length > 0)
            (x, labels) = (op.Sum(x, alone, keep: false), string.Concat(labels.Where(others.Contains)));
        return (x, labels);
    }

    private static Symbol Multiply(OpCompilation op, Symbol a, string ofA, Symbol b, string ofB, string ofBoth)
    {
        TensorFlowGraph g = op.Graph;
        return op.Step(
            [a, b],
            Run(g, Letters($"{ofA},{ofB}->{ofBoth}"), a, b),
            outputs =>
                [
                    Run(g, Letters($"{ofBoth},{ofB}->{ofA}"), outputs[0]!.Value, b),
                    Run(g, Letters($"{ofBoth},{ofA}->{ofB}"), outputs[0]!.Value, a),
                ]
        );
    }

    /// <summary>Digits become letters that the equation does not have: TensorFlow allows only letters.</summary>
    private static string Letters(string equation)
    {
        char[] free =
        [
            .. "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ".Where(c => !equation.Contains(c, StringComparison.Ordinal)),
        ];
        return string.Concat(equation.Select(c => char.IsAsciiDigit(c) ? free[c - '0'] : c));
    }

    private static Symbol Run(TensorFlowGraph g, string equation, params Symbol[] x) =>
        g.Op("Einsum").Inputs(x).Set("equation", equation).Output();
}
