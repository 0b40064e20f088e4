using System.Diagnostics;

namespace MLNetExtensions.Serving;

/// <summary>
/// The requests between their arrival and their answer, and what is to be done next: score a batch that is due, else decode the oldest
/// image. Thread-safe.
/// </summary>
internal sealed class RequestQueue(ServedModel model, Admission admission, TimeSpan maxDelay)
{
    private readonly object _gate = new();
    private readonly Queue<PredictionRequest> _arrived = new();
    private readonly Queue<PredictionRequest> _decoded = new();
    private readonly long _maxDelayTicks = (long)(maxDelay.TotalSeconds * Stopwatch.Frequency);
    private ServedModel _model = model;
    private bool _closed;

    /// <summary>The requests that are not answered yet, those that are being decoded or scored among them.</summary>
    public int Inside => admission.Inside;

    /// <summary>The version of the current model.</summary>
    public int ModelVersion
    {
        get
        {
            lock (_gate)
                return _model.Version;
        }
    }

    /// <summary>Adds a request that is to be decoded.</summary>
    /// <returns>False if the queue is closed.</returns>
    public bool Add(PredictionRequest request)
    {
        lock (_gate)
        {
            if (_closed)
                return false;
            _arrived.Enqueue(request);
            Monitor.Pulse(_gate);
            return true;
        }
    }

    /// <summary>Adds a request that holds its model and its canvas.</summary>
    /// <returns>False if the queue is closed.</returns>
    public bool AddDecoded(PredictionRequest request)
    {
        lock (_gate)
        {
            if (_closed)
                return false;
            request.Decoded = Stopwatch.GetTimestamp();
            _decoded.Enqueue(request);
            Monitor.Pulse(_gate);
            return true;
        }
    }

    /// <summary>Holds the current model, for the caller; null if the queue is closed.</summary>
    public ServedModel? HoldModel()
    {
        lock (_gate)
            return _closed ? null : _model.Hold();
    }

    /// <summary>Waits for something to do.</summary>
    /// <param name="decoded">The worker's last decoded image; null if there is none.</param>
    /// <param name="batch">Empty; gets the requests to score, all of one model, where that is what is to be done.</param>
    /// <param name="toDecode">The request to decode, its model held, where that is what is to be done.</param>
    /// <returns>False if the queue is closed; a request that was to be handed over stays the worker's.</returns>
    public bool Next(PredictionRequest? decoded, List<PredictionRequest> batch, out PredictionRequest? toDecode)
    {
        toDecode = null;
        lock (_gate)
        {
            if (decoded is not null && !_closed)
            {
                decoded.Decoded = Stopwatch.GetTimestamp();
                _decoded.Enqueue(decoded);
            }
            while (!_closed)
            {
                TimeSpan wait = Timeout.InfiniteTimeSpan;
                if (_decoded.Count == 0 || !TryTakeBatch(batch, out wait))
                {
                    if (!_arrived.TryDequeue(out toDecode))
                    {
                        Monitor.Wait(_gate, wait);
                        continue;
                    }
                    toDecode.Model = _model.Hold();
                }
                // Whoever leaves work behind wakes the next worker, to do it or to wait for its time.
                if (_arrived.Count > 0 || _decoded.Count > 0)
                    Monitor.Pulse(_gate);
                return true;
            }
            return false;
        }
    }

    /// <summary>Makes another model the current one. Requests that hold the old one are answered by it.</summary>
    /// <returns>The old model, which the caller has to release; null if the queue is closed.</returns>
    public ServedModel? Replace(ServedModel model)
    {
        lock (_gate)
        {
            if (_closed)
                return null;
            ServedModel old = _model;
            model.Version = old.Version + 1;
            _model = model;
            return old;
        }
    }

    /// <summary>Ends the workers' waiting.</summary>
    /// <param name="left">The requests that were waiting.</param>
    /// <returns>The current model, which the caller has to release.</returns>
    public ServedModel Close(out IReadOnlyList<PredictionRequest> left)
    {
        lock (_gate)
        {
            _closed = true;
            left = [.. _arrived, .. _decoded];
            _arrived.Clear();
            _decoded.Clear();
            Monitor.PulseAll(_gate);
            return _model;
        }
    }

    /// <summary>Takes the oldest decoded requests, where it is time to.</summary>
    /// <param name="batch">Receives them.</param>
    /// <param name="wait">Else the time until it is.</param>
    private bool TryTakeBatch(List<PredictionRequest> batch, out TimeSpan wait)
    {
        PredictionRequest oldest = _decoded.Peek();
        int maxBatchSize = oldest.Model!.MaxBatchSize;
        long waited = Stopwatch.GetTimestamp() - oldest.Decoded;
        // Nobody is waited for where the batch is full or all that are in the house are here.
        bool isDue = waited >= _maxDelayTicks || _decoded.Count >= maxBatchSize || _decoded.Count >= admission.Inside;
        wait = TimeSpan.Zero;
        if (!isDue)
        {
            // Monitor counts in milliseconds and takes 0 for none.
            wait = TimeSpan.FromMilliseconds(Math.Ceiling((_maxDelayTicks - waited) * 1000.0 / Stopwatch.Frequency));
            return false;
        }
        while (batch.Count < maxBatchSize && _decoded.TryPeek(out PredictionRequest? next) && next.Model == oldest.Model)
            batch.Add(_decoded.Dequeue());
        return true;
    }
}
