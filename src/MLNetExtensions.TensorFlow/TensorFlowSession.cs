using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Constants;
using MLNetExtensions.Onnx.Parameters;
using MLNetExtensions.Onnx.Passes;
using MLNetExtensions.TensorFlow.Cluster;
using MLNetExtensions.TensorFlow.Losses;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Optimizers;
using MLNetExtensions.Training.Privacy;

namespace MLNetExtensions.TensorFlow;

/// <summary>A graph compiled for TensorFlow, its parameters, and the optimizer's state.</summary>
internal sealed class TensorFlowSession : ITrainingSession, IGradientSource, IMaskedSession, IWorkers, IGradientCheck
{
    /// <summary>Full batches and the last partial one, trained and predicted, and some more kinds.</summary>
    private const int MaximumPrograms = 8;

    private readonly OnnxGraph _graph;
    private readonly TrainingSessionOptions _options;
    private readonly TrainingDevice _device;
    private readonly byte[] _config;
    private readonly TensorFlowCluster? _cluster;
    private readonly ParameterLayout _layout;
    private readonly WorkerExchange? _exchange;
    private readonly GaussianNoise? _noise;
    private Engine _engine;
    private bool _masked;

    public TensorFlowSession(
        OnnxGraph graph,
        TrainingSessionOptions options,
        TrainingDevice device,
        byte[] config,
        TensorFlowCluster? cluster
    )
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.GradientAccumulation, 1);
        _graph = ReluAfterMaxPool.Apply(LiftConstants.Apply(graph with { Outputs = [graph.Outputs[0]] }));
        (_options, _device, _config, _cluster) = (options, device, config, cluster);
        LossScale = device.Precision == TrainingPrecision.Float16 ? new LossScale() : null;
        TensorFlowLosses.Check(options.Loss);
        OnnxTensor[] trainable = TrainableParameters.Find(_graph, options);
        IReadOnlyCollection<OnnxTensor> state = ParameterAnalysis.FindState(_graph);
        _layout = new ParameterLayout(
            _graph,
            trainable,
            state,
            ParameterRules.Assign(options.Optimizer, options.ParameterGroups, trainable, _graph.Nodes)
        );
        _noise = options.Privacy is { } privacy ? new GaussianNoise(privacy.NoiseSeed) : null;
        _engine = CreateEngine();
        try
        {
            foreach (Variable variable in _engine.Variables.All)
                _engine.Write(variable, new float[variable.Size]);
            WriteWeights(trainable.Concat(state).ToDictionary(t => t.Name));
            if (_engine.Variables.Starts is { } starts)
                _engine.Write(starts, _engine.Read(_engine.Variables.Values));
            // Compiled at once where the sizes are known (for the batch the file states, or one), so that unsupported operators show before
            // training starts.
            if (_graph.StatedInputShapes() is { } shapes)
                _engine.AddTraining(shapes);
            if (cluster is not null)
            {
                _exchange = new WorkerExchange(cluster, config);
                _exchange.Meet(SessionSettings.Of(_graph, trainable, state, options, cluster));
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public string Device => _device.ToString();

    public TrainingPrecision Precision => _device.Precision;

    public int WorldSize => _cluster?.Workers.Count ?? 1;

    public int Rank => _cluster?.Index ?? 0;

    /// <summary>The number of updates so far.</summary>
    public long Updates { get; set; }

    /// <summary>The count of steps whose gradients the gradients variable has summed.</summary>
    public GradientSum Sum { get; } = new();

    /// <summary>The number of passes that dropout has drawn for.</summary>
    public long Draws { get; set; }

    /// <summary>The factor of the loss; null if the loss is not scaled.</summary>
    public LossScale? LossScale { get; }

    /// <summary>The session's layout of parameters.</summary>
    public ParameterLayout Layout => _layout;

    /// <summary>The graph now in use.</summary>
    public Engine Engine => _engine;

    public TrainingSessionOptions Options => _options;

    public float Step(TrainingBatch batch, float learningRate)
    {
        if (_noise is not null)
            return PrivateStep(batch, learningRate);
        (float loss, float weight, bool isMade) = Run(LoadTraining(batch), learningRate, batch.Count);
        LossScale?.Next(isMade);
        if (!isMade)
            return loss;
        if (_options.GradientAccumulation == 1)
        {
            Updates++;
            return loss;
        }
        Sum.Steps++;
        Sum.Weight += weight;
        if (Sum.Steps >= _options.GradientAccumulation)
        {
            _engine.Update(Updates + 1, learningRate, 1 / Sum.Weight);
            Updates++;
            (Sum.Steps, Sum.Weight) = (0, 0);
        }
        return loss;
    }

    private float PrivateStep(TrainingBatch batch, float learningRate)
    {
        (float loss, bool isMade) = LoadTraining(batch).PrivateStep(_engine.Session, Updates + 1, learningRate, batch, _options.Loss);
        if (isMade)
            Updates++;
        return loss;
    }

    public void Predict(TrainingBatch batch, Span<float> output)
    {
        long[][] shapes = BatchShapes.Of(_graph, batch);
        PredictProgram program = _engine.FindPrediction(shapes) ?? Roomy().AddPrediction(shapes);
        BatchShapes.CheckOutput(batch, output, program.OutputCount);
        program.Inputs.Fill(batch);
        try
        {
            program.Run(_engine.Session, output);
        }
        catch (TensorFlowException error) when (error.Code == TensorFlowErrorCode.ResourceExhausted)
        {
            throw OutOfMemory(error, $"a prediction of {batch.Count} rows", accumulation: null);
        }
    }

    public IReadOnlyDictionary<string, OnnxTensor> ReadWeights()
    {
        SessionVariables variables = _engine.Variables;
        float[] values = _engine.Read(variables.AverageValues ?? variables.Values),
            state = _engine.Read(variables.AverageState ?? variables.State);
        return _layout.Entries.ToDictionary(e => e.Name, e => e.Read(e.Name, e.IsTrainable ? values : state));
    }

    public void WriteWeights(IReadOnlyDictionary<string, OnnxTensor> weights)
    {
        foreach ((string name, OnnxTensor value) in weights)
            _layout.Check(name, value);
        SessionVariables variables = _engine.Variables;
        Change(variables.Values, weights.Where(w => _layout[w.Key].IsTrainable));
        Change(variables.State, weights.Where(w => !_layout[w.Key].IsTrainable));
        if (variables.AverageValues is null)
            return;
        Change(variables.AverageValues, weights.Where(w => _layout[w.Key].IsTrainable));
        Change(variables.AverageState!, weights.Where(w => !_layout[w.Key].IsTrainable));
    }

    public IReadOnlyDictionary<string, OnnxTensor> ReadState() => SessionState.Read(this);

    public void WriteState(IReadOnlyDictionary<string, OnnxTensor> state) => SessionState.Write(this, state);

    public IReadOnlyDictionary<string, OnnxTensor> ReadGradients()
    {
        float[] gradients = _engine.Read(_engine.Variables.Gradients);
        return _layout.Trainable.ToDictionary(e => e.Name, e => e.Read(e.Name, gradients));
    }

    public void SetMasks(IReadOnlyDictionary<string, OnnxTensor> masks)
    {
        foreach ((string name, OnnxTensor mask) in masks)
        {
            _layout.Check(name, mask);
            TrainedValues.CheckMasked(name, _layout[name].IsTrainable);
        }
        if (!_masked)
        {
            _masked = true;
            Restart();
        }
        float[] flat = new float[_layout.Size];
        Array.Fill(flat, 1);
        foreach ((string name, OnnxTensor mask) in masks)
            _layout[name].Write(mask, flat);
        SessionVariables variables = _engine.Variables;
        _engine.Write(variables.Mask!, flat);
        foreach (Variable variable in new[] { variables.Values, variables.AverageValues }.OfType<Variable>())
        {
            float[] values = _engine.Read(variable);
            for (int i = 0; i < values.Length; i++)
                values[i] *= flat[i];
            _engine.Write(variable, values);
        }
    }

    public (float Loss, float[] Output, IReadOnlyDictionary<string, OnnxTensor> Gradients) ComputeGradients(TrainingBatch batch)
    {
        (float loss, float[] output, float[] gradients) = LoadTraining(batch).Check(_engine.Session);
        return (loss, output, _layout.Trainable.ToDictionary(e => e.Name, e => e.Read(e.Name, gradients)));
    }

    void IWorkers.AllReduceSum(Span<double> values) => _exchange?.AllReduceSum(values);

    public void CheckEqual(IReadOnlyDictionary<string, string> settings) => _exchange?.CheckEqual(settings);

    /// <summary>A step on a batch without anything that this class adds to TensorFlow's own run, to compare with.</summary>
    internal Action BareStep(TrainingBatch batch)
    {
        TrainProgram program = LoadTraining(batch);
        return () =>
        {
            program.Repeat(_engine.Session);
            program.Drop();
        };
    }

    /// <summary>The device of each op of a step, which is made.</summary>
    internal IReadOnlyList<(string Op, string Name, string Device)> Placement(TrainingBatch batch) =>
        LoadTraining(batch).Place(_engine.Session);

    public void Dispose()
    {
        _exchange?.Dispose();
        _engine.Dispose();
    }

    /// <summary>Writes single values of a variable.</summary>
    public void Change(Variable variable, IEnumerable<KeyValuePair<string, OnnxTensor>> values)
    {
        float[] flat = _engine.Read(variable);
        foreach ((string name, OnnxTensor value) in values)
            _layout[name].Write(value, flat);
        _engine.Write(variable, flat);
    }

    private (float Loss, float Weight, bool IsMade) Run(TrainProgram program, float learningRate, int rows)
    {
        try
        {
            return program.Step(_engine.Session, Updates + 1, learningRate, isFirst: Sum.Steps == 0);
        }
        catch (TensorFlowException error) when (error.Code == TensorFlowErrorCode.ResourceExhausted)
        {
            throw OutOfMemory(error, $"a step of {rows} rows", nameof(TrainingSessionOptions.GradientAccumulation));
        }
        catch (TensorFlowException error) when (_cluster is not null && !error.IsOwn)
        {
            throw _cluster.NoAnswer(error, _cluster.Timeout);
        }
    }

    private TensorFlowException OutOfMemory(TensorFlowException error, string what, string? accumulation) =>
        new(
            error.Code,
            $"There is not enough memory ({Device}) for {what}. Choose a smaller "
                + $"BatchSize{(accumulation is null ? "" : $", with {accumulation} for updates by as many rows as before")}. "
                + $"{error.Message}"
        );

    /// <summary>The training step for a batch, with the batch in it.</summary>
    private TrainProgram LoadTraining(TrainingBatch batch)
    {
        long[][] shapes = BatchShapes.Of(_graph, batch);
        TrainProgram program = _engine.FindTraining(shapes) ?? Roomy().AddTraining(shapes);
        BatchShapes.CheckTargets(_graph, batch, program.TargetCount);
        program.Inputs.Fill(batch);
        program.Prepare(batch.Targets.Span, batch.TargetWeight, Draws, LossScale?.Value ?? 1);
        if (program.Draws)
            Draws++;
        return program;
    }

    /// <summary>The graph, or a new one where it has become too large.</summary>
    private Engine Roomy()
    {
        if (_engine.Programs >= MaximumPrograms)
            Restart();
        return _engine;
    }

    private Engine CreateEngine() =>
        new(_graph, _layout, _options, _device.ComputeType, _device.Gpu is not null, _config, _masked, _cluster, _noise);

    /// <summary>A new graph with the old one's values.</summary>
    private void Restart()
    {
        Engine old = _engine;
        _engine = CreateEngine();
        try
        {
            foreach ((Variable from, Variable to) in old.Variables.All.Zip(_engine.Variables.All))
                _engine.Write(to, old.Read(from));
        }
        finally
        {
            old.Dispose();
        }
    }
}
