using Microsoft.ML;
using MLNetExtensions.Onnx;
using MLNetExtensions.Sessions;

namespace MLNetExtensions.Scoring.Sessions;

/// <summary>
/// An ONNX Runtime session for any number of transformers, views and prediction engines at the same time. Thread-safe. It holds native
/// memory: dispose it after everything that uses it. What runs then comes to its end, and the last run frees the memory.
/// </summary>
/// <remarks>
/// One of several concurrent batches runs on few threads; a single row runs on all threads if nothing else runs. If these numbers differ,
/// a second session is opened when the first row needs it.
/// </remarks>
public sealed class OnnxSession : IDisposable
{
    // More batches side by side than these need memory and win nothing: further threads work inside the batches.
    private const int MaxConcurrentBatches = 16;

    // Where a device computes, threads only decode beside it.
    private const int ConcurrentDeviceBatches = 4;

    // The size of a batch of inputs on a processor: small enough for its cache, large enough that calls cost nothing.
    private const int ProcessorBatchBytes = 1 << 20,
        DeviceBatchBytes = 32 << 20;

    private readonly MLContext _context;
    private readonly OnnxSessionSettings _settings;
    private readonly Lock _opening = new();
    private readonly RuntimeSession _batches;
    private readonly int _threads;
    private readonly bool _isOwnOptions,
        _rowsSpin;
    private RuntimeSession? _rows;

    // One for the owner and one for each run; whoever is the last frees the native memory.
    private int _holders = 1,
        _shapesNoted;
    private volatile bool _disposed;

    private OnnxSession(MLContext context, CheckedModel model, OnnxSessionSettings settings, bool rowsSpin)
    {
        OnnxModelSource source = model.Source;
        (_context, Source, _settings, _rowsSpin) = (context, source, settings, rowsSpin);
        _threads = settings.Threads ?? Environment.ProcessorCount;
        _isOwnOptions = settings.CreateSessionOptions is null && !SessionOpening.HasOptions(context);
        ConcurrentBatches = Math.Min(_threads, _isOwnOptions ? MaxConcurrentBatches : ConcurrentDeviceBatches);
        // Each batch has the thread that runs it; ONNX Runtime adds one less than asked for, which all batches of a session share. They
        // find enough to do without spinning.
        _batches = SessionOpening.Open(context, source, settings, 1 + _threads - ConcurrentBatches, allowSpinning: false);
        InputSpecs = [.. _batches.InputNames.Select(name => TensorSpec.Of(name, _batches.Inputs[name]))];
        OutputSpecs = [.. _batches.OutputNames.Select(name => TensorSpec.Of(name, _batches.Outputs[name]))];
        // ONNX Runtime's own reader of metadata fails at names that it cannot look up.
        Metadata = model.Outline?.Metadata ?? _batches.Metadata;
        Rows = new SessionRows(this, context, model.Outline);
    }

    /// <summary>The model's inputs: their names, types and dimensions.</summary>
    public IReadOnlyList<OnnxValue> Inputs => [.. InputSpecs.Select(ToValue)];

    /// <summary>The model's outputs: their names, types and dimensions.</summary>
    public IReadOnlyList<OnnxValue> Outputs => [.. OutputSpecs.Select(ToValue)];

    /// <summary>The model's own key-value pairs.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    internal OnnxModelSource Source { get; }

    /// <summary>The findings on whether rows of a batch depend on each other.</summary>
    internal SessionRows Rows { get; }

    internal IReadOnlyList<TensorSpec> InputSpecs { get; }

    internal IReadOnlyList<TensorSpec> OutputSpecs { get; }

    /// <summary>The number of batches that are best run at the same time.</summary>
    internal int ConcurrentBatches { get; }

    /// <summary>True if batches are bound to the session's inputs and outputs.</summary>
    internal bool IsBound => _settings.IoBinding;

    /// <summary>The bytes of input that are best for a batch.</summary>
    internal int BatchBytes => _isOwnOptions ? ProcessorBatchBytes : DeviceBatchBytes;

    /// <summary>
    /// Frees the native memory, at once or at the end of what runs. The session can no longer be used: further runs throw
    /// <see cref="ObjectDisposedException"/>.
    /// </summary>
    public void Dispose()
    {
        lock (_opening)
        {
            if (_disposed)
                return;
            _disposed = true;
        }
        Return();
    }

    /// <summary>Loads a model. What it has of training mode is turned into inference.</summary>
    /// <exception cref="OnnxFormatException">It is not an ONNX model, is damaged, or ONNX Runtime cannot run it; the message says
    /// which.</exception>
    internal static OnnxSession Open(MLContext context, OnnxModelSource source, OnnxSessionSettings? settings = null) =>
        new(context, CheckedModel.ForInference(context, source), settings?.Clone() ?? new OnnxSessionSettings(), rowsSpin: true);

    /// <summary>Loads a model and runs it unchanged, because another step runs it too.</summary>
    /// <inheritdoc cref="Open"/>
    internal static OnnxSession OpenUnchanged(MLContext context, OnnxModelSource source, OnnxSessionSettings settings) =>
        new(context, CheckedModel.Of(source), settings.Clone(), rowsSpin: true);

    /// <summary>
    /// Loads a model for many callers: no request waits until a session is opened, and no thread spins that has nothing to do, as others
    /// have images to decode.
    /// </summary>
    /// <inheritdoc cref="Open"/>
    internal static OnnxSession OpenForServing(MLContext context, OnnxModelSource source, OnnxSessionSettings settings)
    {
        var session = new OnnxSession(context, CheckedModel.ForInference(context, source), settings.Clone(), rowsSpin: false);
        try
        {
            _ = session.Session(alone: true);
            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>Logs, once, that outputs have other shapes than the model states.</summary>
    internal void NoteShapes(ScoringPlan plan)
    {
        if (Interlocked.Exchange(ref _shapesNoted, 1) != 0)
            return;
        ScoringLog.Warn(
            _context,
            $"The model {Source.Name} states other shapes for its outputs than they have: "
                + $"{string.Join("; ", plan.Outputs.Where(o => !o.IsAsStated(null)).Select(o =>
            $"{o.Spec} comes as [{string.Join(',', o.Sizes!.Select((size, axis) => axis == o.Axis ? "rows" : $"{size}"))}]"))}. The real ones are used. Export the model with a dynamic batch."
        );
    }

    /// <summary>
    /// Takes the session for a run. Several engines that each think themselves alone would wait for each other's threads, so runs are
    /// counted.
    /// </summary>
    /// <param name="alone">True if the caller scores nothing else at the same time.</param>
    /// <exception cref="ObjectDisposedException">The session was disposed.</exception>
    internal SessionLease Lease(bool alone = false)
    {
        int holders;
        do
        {
            holders = Volatile.Read(ref _holders);
            ThrowIfDisposed();
        } while (Interlocked.CompareExchange(ref _holders, holders + 1, holders) != holders);
        try
        {
            return new SessionLease(this, Session(alone && holders == 1));
        }
        catch
        {
            Return();
            throw;
        }
    }

    /// <summary>Ends a run, or the ownership.</summary>
    internal void Return()
    {
        if (Interlocked.Decrement(ref _holders) != 0)
            return;
        _batches.Dispose();
        _rows?.Dispose();
    }

    private RuntimeSession Session(bool alone)
    {
        ThrowIfDisposed();
        if (!alone || !_isOwnOptions || ConcurrentBatches == 1)
            return _batches;
        if (_rows is { } open)
            return open;
        lock (_opening)
        {
            ThrowIfDisposed();
            // The file may have gone since; the session that is open gives the same values.
            return _rows ??= Source.IsThere ? SessionOpening.Open(_context, Source, _settings, _threads, _rowsSpin) : _batches;
        }
    }

    private void ThrowIfDisposed()
    {
        if (_disposed)
            throw Disposed.Model("session", Source.Name);
    }

    private static OnnxValue ToValue(TensorSpec spec) =>
        new(
            spec.Name,
            spec.Type,
            [
                .. spec.Sizes.Select(
                    (size, i) =>
                        size >= 0
                            ? new OnnxDimension(size)
                            : new OnnxDimension(null, spec.SizeNames[i].Length > 0 ? spec.SizeNames[i] : null)
                ),
            ]
        );
}
