using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Constants;
using MLNetExtensions.Onnx.Lowering;
using MLNetExtensions.Onnx.Operators;
using MLNetExtensions.Onnx.Parameters;
using MLNetExtensions.Onnx.Passes;
using MLNetExtensions.TorchSharp.Native;
using MLNetExtensions.TorchSharp.Ops;
using MLNetExtensions.TorchSharp.Optimizers;
using MLNetExtensions.TorchSharp.Privacy;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Optimizers;
using MLNetExtensions.Training.Privacy;

namespace MLNetExtensions.TorchSharp;

/// <summary>A graph compiled for libtorch, its parameters, and the optimizer's state.</summary>
internal sealed class TorchSharpSession : ITrainingSession, IGradientSource, IMaskedSession, IGradientCheck
{
    /// <summary>Full batches, the last partial one, and the same for validation; more kinds push the oldest out.</summary>
    private const int MaximumPrograms = 6;

    private readonly OnnxGraph _graph;
    private readonly TrainingSessionOptions _options;
    private readonly TrainingDevice _device;
    private readonly ParameterStore _parameters;
    private readonly ConstantStore _constants;
    private readonly FlatOptimizer _optimizer;
    private readonly RunContext _run;
    private readonly GradientAdjustment _adjustment;
    private readonly GradientSum _sum = new();
    private readonly AveragedWeights? _averages;
    private readonly SessionState _state;
    private readonly PrivateStep? _private;
    private Tensor? _mask;
    private readonly List<CompiledProgram> _programs = [];
    private readonly NativeHeap _heap = new();

    public TorchSharpSession(OnnxGraph graph, TrainingSessionOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.GradientAccumulation, 1);
        _graph = ReluAfterMaxPool.Apply(LiftConstants.Apply(graph with { Outputs = [graph.Outputs[0]] }));
        _options = options;
        _device = TrainingDevice.Choose(options);
        OnnxTensor[] trainable = TrainableParameters.Find(_graph, options);
        _parameters = new ParameterStore(
            trainable,
            ParameterAnalysis.FindState(_graph),
            ParameterRules.Assign(options.Optimizer, options.ParameterGroups, trainable, _graph.Nodes),
            _device.Device
        );
        _constants = new ConstantStore(_graph, _device.Device);
        _optimizer = new FlatOptimizer(options.Optimizer, _parameters);
        _run = new RunContext
        {
            Device = _device.Device,
            ComputeType = _device.ComputeType,
            Generator = new torch.Generator((ulong)options.Seed, _device.Device),
        };
        _adjustment = new GradientAdjustment(options, _parameters);
        _averages = options.WeightAveraging is { } averaging ? new AveragedWeights(averaging, _parameters) : null;
        _private = options.Privacy is { } privacy ? new PrivateStep(privacy, _parameters) : null;
        _state = new SessionState(_parameters, _optimizer, _run.Generator, _sum, _averages);
        try
        {
            // Compiled at once where the sizes are known (for the batch the file states, or one), so that unsupported operators show before
            // training starts.
            if (_graph.StatedInputShapes() is { } shapes)
                ProgramFor(shapes);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public string Device => _device.ToString();

    /// <summary>True if a step can be broken off in its backward pass.</summary>
    internal bool IsSegmented => _programs.Exists(p => p.IsSegmented);

    public TrainingPrecision Precision => _device.Precision;

    public float Step(TrainingBatch batch, float learningRate)
    {
        using IDisposable scope = torch.NewDisposeScope();
        if (_private is not null)
            return PrivateStep(batch, learningRate);
        if (_options.GradientAccumulation == 1)
        {
            ForwardBackward(batch, batch.TargetWeight, add: false, out float loss, out _);
            if (float.IsFinite(loss))
                Update(learningRate);
            return loss;
        }
        // Summed losses have summed gradients; their weights divide them all together, at the end.
        ForwardBackward(batch, 1, add: _sum.Steps > 0, out float lossSum, out _);
        if (float.IsFinite(lossSum))
        {
            _sum.Steps++;
            _sum.Weight += batch.TargetWeight;
            if (_sum.Steps >= _options.GradientAccumulation)
            {
                _parameters.Gradients.mul_(1 / _sum.Weight);
                Update(learningRate);
                (_sum.Steps, _sum.Weight) = (0, 0);
            }
        }
        return lossSum / batch.TargetWeight;
    }

    public void Predict(TrainingBatch batch, Span<float> output)
    {
        using IDisposable scope = torch.NewDisposeScope();
        CompiledProgram program = Load(batch);
        BatchShapes.CheckOutput(batch, output, program.OutputCount);
        SetMode(training: false);
        using IDisposable inference = torch.inference_mode();
        TensorConversion.CopyTo(program.Run(_run), output);
    }

    public IReadOnlyDictionary<string, OnnxTensor> ReadWeights()
    {
        _averages?.Show(true);
        return _parameters.Names.ToDictionary(name => name, _parameters.Read);
    }

    public void WriteWeights(IReadOnlyDictionary<string, OnnxTensor> weights)
    {
        foreach ((string name, OnnxTensor value) in weights)
            _parameters.Check(name, value);
        foreach ((string name, OnnxTensor value) in weights)
        {
            if (_averages is null)
                _parameters.Write(name, value);
            else
                _averages.Write(name, value);
        }
    }

    public IReadOnlyDictionary<string, OnnxTensor> ReadState() => _state.Read();

    public void WriteState(IReadOnlyDictionary<string, OnnxTensor> state) => _state.Write(state);

    public IReadOnlyDictionary<string, OnnxTensor> ReadGradients() =>
        _parameters.TrainableNames.ToDictionary(name => name, _parameters.ReadGradient);

    public void SetMasks(IReadOnlyDictionary<string, OnnxTensor> masks)
    {
        foreach ((string name, OnnxTensor mask) in masks)
        {
            _parameters.Check(name, mask);
            TrainedValues.CheckMasked(name, _parameters.IsTrainable(name));
        }
        _mask ??= torch.empty_like(_parameters.Values).DetachFromDisposeScope();
        _mask.fill_(1);
        foreach ((string name, OnnxTensor mask) in masks)
            _parameters.WriteSlot(name, _mask, mask);
        _averages?.Show(false);
        ApplyMask();
        _averages?.Mask(_mask);
    }

    public void Dispose()
    {
        _mask?.Dispose();
        _programs.ForEach(p => p.Dispose());
        _optimizer.Dispose();
        _averages?.Dispose();
        _constants.Dispose();
        _parameters.Dispose();
        _run.Generator.Dispose();
        _heap.Dispose();
    }

    public (float Loss, float[] Output, IReadOnlyDictionary<string, OnnxTensor> Gradients) ComputeGradients(TrainingBatch batch)
    {
        using IDisposable scope = torch.NewDisposeScope();
        ForwardBackward(batch, batch.TargetWeight, add: false, out float loss, out Tensor output);
        _parameters.State.copy_(_parameters.StateBackup);
        float[] values = new float[output.numel()];
        TensorConversion.CopyTo(output, values);
        return (loss, values, _parameters.TrainableNames.ToDictionary(name => name, _parameters.ReadGradient));
    }

    /// <summary>A step of DP-SGD.</summary>
    private float PrivateStep(TrainingBatch batch, float learningRate)
    {
        CompiledProgram program = Load(batch);
        BatchShapes.CheckTargets(_graph, batch, program.Targets.Count);
        program.Targets.Fill(batch.Targets.Span);
        SetMode(training: true);
        Tensor output = _run.ToFloat32(program.Run(_run));
        float loss = PrivateLoss.Of(_options.Loss, batch, output.cpu().contiguous().data<float>().ToArray());
        if (!float.IsFinite(loss))
            return loss;
        _private!.Backward(program, output, batch.Count - batch.Fillers);
        Update(learningRate);
        return loss;
    }

    /// <summary>
    /// Forward, the loss's sum over the rows divided by <paramref name="divisor"/>, and backward into the flat gradients.
    /// </summary>
    /// <param name="batch">The rows.</param>
    /// <param name="divisor">The divisor of the summed loss.</param>
    /// <param name="add">True if the gradients are added to those that are there.</param>
    /// <param name="value">Receives the loss. If it is not finite, there is no backward pass and BatchNorm's statistics do not
    /// change.</param>
    /// <param name="output">Receives the graph's output.</param>
    private void ForwardBackward(TrainingBatch batch, float divisor, bool add, out float value, out Tensor output)
    {
        CompiledProgram program = Load(batch);
        BatchShapes.CheckTargets(_graph, batch, program.Targets.Count);
        program.Targets.Fill(batch.Targets.Span);
        SetMode(training: true);
        _parameters.StateBackup.copy_(_parameters.State);
        Tensor loss;
        try
        {
            output = program.Run(_run);
            loss = program.Loss(_run.ToFloat32(output), divisor);
            value = loss.item<float>();
            _run.CancellationToken.ThrowIfCancellationRequested();
        }
        catch (OperationCanceledException)
        {
            _parameters.State.copy_(_parameters.StateBackup);
            throw;
        }
        if (!float.IsFinite(value))
        {
            // The forward pass has already moved BatchNorm's statistics.
            _parameters.State.copy_(_parameters.StateBackup);
            return;
        }
        if (!add)
            _parameters.Gradients.zero_();
        if (loss.requires_grad)
            Backward(program, loss, add);
    }

    private void Backward(CompiledProgram program, Tensor loss, bool add)
    {
        using Tensor? sum = add && program.IsSegmented ? _parameters.Gradients.clone() : null;
        try
        {
            program.Backward(loss, _run.CancellationToken);
        }
        catch (OperationCanceledException)
        {
            _parameters.State.copy_(_parameters.StateBackup);
            if (sum is not null)
                _parameters.Gradients.copy_(sum);
            throw;
        }
    }

    private void Update(float learningRate)
    {
        _adjustment.Apply();
        _optimizer.Step(learningRate);
        ApplyMask();
        _averages?.Follow(_optimizer.Steps);
    }

    private void ApplyMask()
    {
        if (_mask is null)
            return;
        using IDisposable noGradient = torch.no_grad();
        _parameters.Values.mul_(_mask);
    }

    private void SetMode(bool training)
    {
        _averages?.Show(!training);
        _run.Training = training;
        _run.CancellationToken = training ? _options.CancellationToken : default;
        _run.BatchNormTraining = training && _options.BatchNorm == BatchNormMode.Train;
        _run.DropoutEnabled = training && _options.Dropout;
    }

    private CompiledProgram Load(TrainingBatch batch)
    {
        CompiledProgram program = ProgramFor(BatchShapes.Of(_graph, batch));
        for (int i = 0; i < batch.Inputs.Count; i++)
            program.Inputs[i].Fill(batch.Inputs[i].Span);
        return program;
    }

    private CompiledProgram ProgramFor(long[][] shapes)
    {
        foreach (CompiledProgram existing in _programs)
            if (existing.IsFor(shapes))
                return existing;
        LoweredGraph lowered = GraphLowering.Lower(_graph, shapes, node => OpRegistry.Find(node, OnnxGraph.MaximumOpset) is not null);
        IReadOnlyList<ParameterUse>? uses = null;
        if (_private is not null)
            (lowered, uses) = ParameterUses.Prepare(_graph, lowered, _parameters.TrainableNames.ToHashSet());
        CompiledProgram program = new CompiledProgram(lowered, _parameters, _constants, _options, _run, uses);
        _heap.Expect(
            sizeof(float) * lowered.Graph.Nodes.SelectMany(n => n.Outputs).Where(lowered.Types.ContainsKey).Sum(o => lowered.Types[o].Count)
        );
        if (_programs.Count == MaximumPrograms)
        {
            _programs[0].Dispose();
            _programs.RemoveAt(0);
        }
        _programs.Add(program);
        return program;
    }
}
