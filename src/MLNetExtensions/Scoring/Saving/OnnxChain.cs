using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Data.Schema;
using MLNetExtensions.Onnx;
using MLNetExtensions.Scoring.Batches;
using MLNetExtensions.Scoring.ScoreOnnx;
using MLNetExtensions.Scoring.Sessions;

namespace MLNetExtensions.Scoring.Saving;

/// <summary>The transformers of ML.NET that do what a <see cref="ScoreOnnxTransformer"/> does: what a saved one consists of.</summary>
internal static class OnnxChain
{
    /// <summary>Writes the chain as part of a model.</summary>
    /// <exception cref="NotSupportedException">ML.NET's transformers cannot do the same; the message says why.</exception>
    public static void Save(MLContext context, OnnxSession session, OnnxBinding binding, ModelSaveContext target)
    {
        if (binding.Plan.FixedRows is not null)
            throw new NotSupportedException(
                $"The model {session.Source.Name} takes exactly {binding.Plan.FixedRows} rows at once; a saved pipeline runs ML.NET's "
                    + $"ONNX transformer, which gives it one. "
                    + "Export the model with a dynamic batch, or keep the ONNX file and make the ScoreOnnx step anew."
            );
        context = SavingContext.Of(context);
        (IReadOnlyList<string> inputs, string? size, Action<string> write) = Model(session, binding);
        using var file = new TemporaryModel(context, write);
        var schema = new DataViewSchema.Builder();
        foreach (InputSource source in binding.Sources.DistinctBy(s => s.ColumnName))
            schema.AddColumn(source.ColumnName, TypeOf(source, binding));
        using TransformerChain<ITransformer> chain = Estimator(context, binding, inputs, size, file.Path)
            .Fit(new EmptyView(schema.ToSchema()));
        ((ICanSaveModel)chain).Save(target);
    }

    /// <summary>
    /// The model with preprocessing and decoding inside; one that cannot be rewritten is used unchanged if nothing has to be added.
    /// </summary>
    private static (IReadOnlyList<string> Inputs, string? Size, Action<string> Write) Model(OnnxSession session, OnnxBinding binding)
    {
        try
        {
            ScoredGraph scored = ScoredGraph.Create(session, binding);
            OnnxGraph graph = scored.Graph;
            for (int i = 0; i < scored.Inputs.Count; i++)
                if (
                    binding.Sources[i] is ImageSource { Image: var image, Preprocessing: var preprocessing }
                    && StandardPixels.AreNeeded(preprocessing, image)
                )
                    graph = StandardPixels.Prepend(graph, scored.Inputs[i]);
            return (scored.Inputs, scored.Size, ReadableTypes.Of(graph).Save);
        }
        catch (OnnxFormatException e)
        {
            bool isPlain =
                binding.Decoder is null
                && binding
                    .Sources.Select((source, i) => source is TensorSource && source.ColumnName == binding.Plan.Inputs[i].Spec.Name)
                    .All(same => same)
                && binding.Outputs.Select((column, i) => column == binding.Plan.Outputs[i].Spec.Name).All(same => same);
            if (isPlain)
                return (binding.Plan.InputNames, null, path => File.WriteAllBytes(path, session.Source.Bytes));
            throw new NotSupportedException(
                $"The model {session.Source.Name} cannot be saved in a pipeline: preprocessing, decoding and other column names must be "
                    + $"added to its graph, but {e.Message} "
                    + "Keep the ONNX file and make the ScoreOnnx step anew.",
                e
            );
        }
    }

    private static DataViewType TypeOf(InputSource source, OnnxBinding binding)
    {
        if (source is ImageSource image)
            return image.Image.Type;
        PlannedInput input = binding.Plan.Inputs[binding.Sources.ToList().IndexOf(source)];
        PrimitiveDataViewType item = input.Spec.Kind.ItemType;
        int[] sizes = [.. input.Sizes.Where((_, axis) => axis != input.Axis).Select(size => (int)size)];
        return sizes.Length == 0 ? item
            : sizes.Contains(-1) ? new VectorDataViewType(item, size: 0)
            : new VectorDataViewType(item, dimensions: sizes);
    }

    private static EstimatorChain<ITransformer> Estimator(
        MLContext context,
        OnnxBinding binding,
        IReadOnlyList<string> inputs,
        string? size,
        string onnxFile
    )
    {
        var temporaries = new List<string>();
        var chain = new EstimatorChain<ITransformer>();
        string? decoded = null;
        for (int i = 0; i < inputs.Count; i++)
        {
            if (inputs[i] == binding.Sources[i].ColumnName)
                continue;
            temporaries.Add(inputs[i]);
            if (binding.Sources[i] is ImageSource source)
            {
                (chain, string? whole) = PixelSteps.Append(
                    context,
                    chain,
                    source.Image,
                    source.Preprocessing,
                    inputs[i],
                    inputs[i] + ".image",
                    temporaries,
                    source.Decoder.TurnedImages > 0
                );
                decoded ??= whole;
            }
            else if (binding.Sources[i] is ImageSizeSource)
                chain = SizeSteps.Append(context, chain, decoded!, inputs[i], temporaries);
            else
                chain = chain.Append<ITransformer>(context.Transforms.CopyColumns(inputs[i], binding.Sources[i].ColumnName));
        }
        if (size is not null)
        {
            temporaries.Add(size);
            chain = SizeSteps.Append(context, chain, decoded!, size, temporaries);
            inputs = [.. inputs, size];
        }
        string[] outputs = [.. binding.Outputs, .. binding.Decoder?.SavedOutputs ?? []];
        chain = chain.Append<ITransformer>(context.Transforms.ApplyOnnxModel(outputs, [.. inputs], onnxFile));
        for (int i = 0; i < binding.Outputs.Count; i++)
            if (binding.Plan.Outputs[i].ColumnShape is { Count: 0 })
                chain = FirstValue.Append(context, chain, binding.Outputs[i], binding.Plan.Outputs[i].Spec.Kind.ItemType, temporaries);
        if (binding.Decoder is not null)
            chain = binding.Decoder.Append(context, chain, temporaries);
        return temporaries.Count == 0 ? chain : chain.Append<ITransformer>(context.Transforms.DropColumns([.. temporaries.Distinct()]));
    }
}
