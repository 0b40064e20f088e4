using Microsoft.ML.OnnxRuntime;
using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Rows;
using MLNetExtensions.Scoring.Tensors;

namespace MLNetExtensions.Scoring.Sessions;

/// <summary>
/// Finds the dimension that counts rows in each input and output. The inputs' is named by the model (batch, N ...) or is the first one;
/// whether the outputs follow it is tried on one and on two rows of zeros. Where they do not, or where a row's values depend on the rows
/// beside it, the model is run row by row.
/// </summary>
internal sealed class ScoringPlanner
{
    private const int MaxBatchRows = 64;

    // For rows whose length is not known before they are read.
    private const int VariableBatchRows = 16;

    private static readonly HashSet<string> BatchNames = new(
        ["batch", "batch_size", "batchsize", "bs", "n", "none", "num_batch"],
        StringComparer.OrdinalIgnoreCase
    );

    private readonly OnnxSession _session;
    private readonly IReadOnlyList<RowShape> _rows;
    private readonly List<PlannedInput> _inputs = [];
    private int _fixedRows;

    /// <param name="session">The model.</param>
    /// <param name="rows">The row shape for each of its inputs, in their order.</param>
    public ScoringPlanner(OnnxSession session, IReadOnlyList<RowShape> rows) => (_session, _rows) = (session, rows);

    /// <summary>Makes the plan.</summary>
    /// <param name="outputs">The outputs that are wanted.</param>
    /// <param name="batchSize">The most rows of a batch; null for what suits the model.</param>
    /// <param name="isBatched">True if it is known that all outputs follow the first dimension of the inputs.</param>
    /// <returns>The plan. A model in which rows depend on each other gets batches of one row, whatever was asked for.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column does not fit the model's input.</exception>
    /// <exception cref="OnnxFormatException">An input or output is of a type that no column can have.</exception>
    public ScoringPlan Plan(IReadOnlyList<TensorSpec> outputs, int? batchSize, bool isBatched = false)
    {
        foreach (TensorSpec spec in _session.InputSpecs.Concat(outputs))
            _ = spec.Kind;
        bool canBatch = PlanInputs();
        CheckSizes();
        if (_fixedRows > 1)
            return OfIndependentRows(new ScoringPlan(_inputs, PlanFixed(outputs), _fixedRows, _fixedRows));
        int most = batchSize ?? MostRows();
        long[][]? one = Probe(outputs, 1);
        // Who asks for one row at a time may do so as rows differ; where only the budget allows no more, the shapes are those of a batch.
        if (canBatch && one is not null && (isBatched || batchSize != 1))
        {
            long[][]? two = isBatched ? null : Probe(outputs, 2);
            if (isBatched || (two is not null && !FollowValues(outputs, one)))
            {
                PlannedOutput?[] planned =
                [
                    .. outputs.Select((spec, i) => isBatched ? new PlannedOutput(spec, 0, one[i]) : Batched(spec, one[i], two![i])),
                ];
                if (Array.TrueForAll(planned, p => p is not null))
                    return OfIndependentRows(new ScoringPlan(_inputs, planned!, most));
            }
        }
        return new ScoringPlan(_inputs, [.. outputs.Select((spec, i) => RowByRow(spec, one?[i], isBatched))], 1);
    }

    private ScoringPlan OfIndependentRows(ScoringPlan plan)
    {
        if (!plan.Outputs.All(o => o.IsAsStated(plan.FixedRows ?? (plan.BatchSize == 1 ? 1 : null))))
            _session.NoteShapes(plan);
        return plan.BatchSize == 1 || _session.Rows.Find(plan).IsIndependent ? plan : plan with { BatchSize = 1 };
    }

    /// <summary>
    /// True if the number of values depends on a row's content, such as a number of boxes. Tested by a run where the model leaves a
    /// dimension open that no input fixes.
    /// </summary>
    private bool FollowValues(IReadOnlyList<TensorSpec> outputs, long[][] ofZeros) =>
        outputs.Any(HasOpenInputs)
        && (
            _session.Rows.HasSizesOfValues
            || Probe(outputs, 1, areZeros: false) is { } other && !ofZeros.Zip(other).All(pair => pair.First.SequenceEqual(pair.Second))
        );

    /// <returns>True if every input has a dimension of any size that counts rows.</returns>
    private bool PlanInputs()
    {
        IReadOnlyList<TensorSpec> specs = _session.InputSpecs;
        string? name =
            specs.SelectMany(s => s.SizeNames.Where((n, axis) => s.Sizes[axis] < 0)).FirstOrDefault(BatchNames.Contains)
            ?? specs.Where(s => s.Sizes.Count > 0 && s.Sizes[0] < 0).Select(s => s.SizeNames[0]).FirstOrDefault();
        bool areDynamic = true;
        var fixedRows = new List<long>();
        for (int i = 0; i < specs.Count; i++)
        {
            PlannedInput input = PlanInput(specs[i], _rows[i], name);
            _inputs.Add(input);
            bool hasRows = input.Axis >= 0 && specs[i].Sizes.Count > 0;
            areDynamic &= input.Axis >= 0 && (specs[i].Sizes.Count == 0 || specs[i].Sizes[input.Axis] < 0);
            fixedRows.Add(hasRows && specs[i].Sizes[input.Axis] > 1 ? specs[i].Sizes[input.Axis] : 1);
        }
        if (fixedRows.Distinct().Count() > 1)
            throw new ArgumentOutOfRangeException(
                "schema",
                $"The inputs of the model {_session.Source.Name} take different numbers of rows at once: "
                    + $"{string.Join("; ", specs.Select((s, i) => $"{s} takes {fixedRows[i]} of {_rows[i]}"))}. Give columns that hold "
                    + $"whole inputs."
            );
        _fixedRows = fixedRows.Count == 0 ? 1 : (int)fixedRows[0];
        return areDynamic && _inputs.Count > 0;
    }

    private PlannedInput PlanInput(TensorSpec spec, RowShape row, string? batchName)
    {
        // A model that does not tell the rank takes what there is, behind a batch.
        if (spec.Sizes.Count == 0)
            return row.Sizes is { Count: 0 }
                ? new PlannedInput(spec, -1, [])
                : new PlannedInput(spec, 0, [1, .. row.Sizes?.Select(size => (long)size) ?? [-1]]);

        foreach (int axis in CandidateAxes(spec, batchName))
            if (row.Resolve([.. spec.Sizes.Where((_, i) => i != axis)]) is { } rest)
                return new PlannedInput(spec, axis, [.. rest[..axis], 1, .. rest[axis..]]);
        if (row.Resolve(spec.Sizes) is { } whole)
            return new PlannedInput(spec, -1, whole);
        throw new ArgumentOutOfRangeException(
            "schema",
            $"Schema mismatch for input {spec} of the model {_session.Source.Name}: {row} does not fill it. "
                + (
                    spec.Sizes.Count(size => size < 0) > 1
                        ? "Give the row's dimensions in the column's type, or set OnnxInput.Shape."
                        : "Give a column of the size that the model states."
                )
        );
    }

    private static IEnumerable<int> CandidateAxes(TensorSpec spec, string? batchName)
    {
        if (!string.IsNullOrEmpty(batchName))
        {
            for (int axis = 0; axis < spec.Sizes.Count; axis++)
                if (spec.Sizes[axis] < 0 && spec.SizeNames[axis] == batchName)
                    return [axis];
            // Another name in first place may be a length.
            return spec.Sizes[0] >= 0 || spec.SizeNames[0].Length == 0 ? [0] : [];
        }
        return [0];
    }

    private void CheckSizes()
    {
        foreach (PlannedInput input in _inputs)
        {
            long bytes = input.Sizes.Aggregate(
                (long)sizeof(float),
                (product, size) =>
                    size < 0 ? product
                    : product > int.MaxValue ? product
                    : product * size
            );
            if (bytes > int.MaxValue)
                throw new ArgumentOutOfRangeException(
                    "schema",
                    $"Input {input.Spec} of the model {_session.Source.Name} takes more than 2 GB for one row."
                );
        }
    }

    private int MostRows()
    {
        if (_inputs.Exists(i => i.RowLength is null))
            return VariableBatchRows;
        long bytes = _inputs.Sum(i => (long)i.RowLength!.Value) * sizeof(float);
        return (int)Math.Clamp(_session.BatchBytes / Math.Max(1, bytes), 1, MaxBatchRows);
    }

    /// <summary>The shapes of the outputs for a number of rows of zeros; null if the model does not take them.</summary>
    private long[][]? Probe(IReadOnlyList<TensorSpec> outputs, int rows, bool areZeros = true)
    {
        var values = new List<OrtValue>();
        try
        {
            foreach (PlannedInput input in _inputs)
            {
                TensorBuffer buffer = input.Spec.Kind.NewBuffer();
                int rowLength = input.RowLength ?? (int)input.Sizes.Aggregate(1L, (product, size) => size < 0 ? product : product * size);
                buffer.Resize((long)rowLength * rows);
                buffer.Clear(0, buffer.Length);
                if (!areZeros)
                {
                    var samples = new double[buffer.Length];
                    RowProbe.Samples(1, samples);
                    buffer.SetSamples(0, samples);
                }
                values.Add(buffer.ToOrtValue(input.ShapeOf(rows, rowLength)));
            }
            using SessionLease lease = _session.Lease();
            using IDisposableReadOnlyCollection<OrtValue> results = lease.Session.Try(
                [.. _inputs.Select(i => i.Spec.Name)],
                values,
                [.. outputs.Select(o => o.Name)]
            );
            return [.. results.Select(result => result.GetTensorTypeAndShape().Shape)];
        }
        catch (OnnxRuntimeException)
        {
            // Zeros may mean nothing to a model (a size, an index), and a batch may be none that it was exported for: row by row is always
            // right.
            return null;
        }
        finally
        {
            values.ForEach(value => value.Dispose());
        }
    }

    private PlannedOutput? Batched(TensorSpec spec, long[] one, long[] two)
    {
        if (one.Length != two.Length || one.Contains(0))
            return null;
        int[] differing = [.. Enumerable.Range(0, one.Length).Where(i => one[i] != two[i])];
        return differing is [int axis] && one[axis] > 0 && two[axis] == 2 * one[axis]
            ? new PlannedOutput(spec, axis, FollowsRows(spec, axis) ? null : one)
            : null;
    }

    // Rows of different lengths may have outputs of different lengths.
    private bool FollowsRows(TensorSpec output, int axis) =>
        _inputs.Exists(i => i.RowLength is null)
        && (output.Sizes.Count == 0 || output.Sizes.Where((size, i) => i != axis && size < 0).Any());

    private PlannedOutput RowByRow(TensorSpec spec, long[]? probed, bool isBatched)
    {
        // Sizes that the model leaves open may depend on the row's values (a number of boxes) once rows are run one by one.
        bool isOpen = spec.Sizes.Where((size, axis) => size < 0 && !(axis == 0 && IsBatchOf(spec))).Any();
        bool isKnown = probed is not null && (isBatched || !(isOpen && HasOpenInputs(spec)));
        long[]? sizes =
            isKnown ? probed
            : !isOpen && spec.Sizes.Count > 0 ? [.. spec.Sizes.Select(size => size < 0 ? 1 : size)]
            : null;
        bool dropsFirst =
            sizes is { Length: > 0 }
            && sizes[0] == 1
            && (spec.Sizes.Count == 0 || spec.Sizes[0] is 1 or -1)
            && _inputs.Exists(i => i.Axis == 0);
        return new PlannedOutput(spec, dropsFirst ? 0 : -1, sizes);
    }

    private bool IsBatchOf(TensorSpec output) =>
        _inputs.Exists(i =>
            i.Axis >= 0 && i.Spec.Sizes.Count > 0 && i.Spec.Sizes[i.Axis] < 0 && i.Spec.SizeNames[i.Axis] == output.SizeNames[0]
        );

    // Open sizes that are all sizes of inputs which are known by now are known too.
    private bool HasOpenInputs(TensorSpec output)
    {
        HashSet<string> known = [.. _inputs.Where(i => i.RowLength is not null).SelectMany(i => i.Spec.SizeNames).Where(n => n.Length > 0)];
        return output.SizeNames.Where((name, axis) => output.Sizes[axis] < 0).Any(name => !known.Contains(name));
    }

    private List<PlannedOutput> PlanFixed(IReadOnlyList<TensorSpec> outputs)
    {
        long[][] shapes = Probe(outputs, _fixedRows) ?? [.. outputs.Select(o => o.Sizes.ToArray())];
        return
        [
            .. outputs.Select(
                (spec, i) =>
                {
                    int axis = Array.FindIndex(shapes[i], size => size == _fixedRows);
                    if (axis < 0)
                        axis = Array.FindIndex(shapes[i], size => size > 0 && size % _fixedRows == 0);
                    if (axis < 0 || shapes[i].Any(size => size < 0))
                        throw new ArgumentOutOfRangeException(
                            "schema",
                            $"The model {_session.Source.Name} takes {_fixedRows} rows at once, but its output {spec} has no value for "
                                + $"each of "
                                + "them. Export the model with a dynamic batch, or give columns that hold the whole input."
                        );
                    long[] sizes = [.. shapes[i]];
                    sizes[axis] /= _fixedRows;
                    return new PlannedOutput(spec, axis, sizes);
                }
            ),
        ];
    }
}
