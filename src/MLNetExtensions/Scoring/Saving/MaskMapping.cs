using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using MLNetExtensions.Imaging.Decoding;
using MLNetExtensions.Scoring.Decoding;

namespace MLNetExtensions.Scoring.Saving;

/// <summary>The mapping that a saved model names: a segmentation network's mask to that of the image.</summary>
[CustomMappingFactoryAttribute(ContractName)]
internal sealed class MaskMapping : CustomMappingFactory<MaskOutput, ImageMask>
{
    private const string ContractName = "MLNetExtensions.Mask";

    /// <summary>Appends what makes the column of masks of the network's output.</summary>
    /// <param name="context">Makes the transformers.</param>
    /// <param name="chain">Ends with the output.</param>
    /// <param name="output">The column with the network's mask.</param>
    /// <param name="rule">The column with the numbers of the <see cref="MaskRule"/>.</param>
    /// <param name="isMeasured">True if <see cref="MeasureImageMapping"/> was appended.</param>
    /// <param name="column">The name of the column.</param>
    /// <param name="temporaries">Receives the columns to drop at the end.</param>
    public static EstimatorChain<ITransformer> Append(
        MLContext context,
        EstimatorChain<ITransformer> chain,
        string output,
        string rule,
        bool isMeasured,
        string column,
        List<string> temporaries
    )
    {
        SaveWarning.NeedsPackage(context, "It decodes masks.", "MLNetExtensions");
        // A saved custom mapping forgets the names of its columns, so they are fixed; and it has all of them, so what is not there is the
        // rule again.
        List<(string Output, string Input)> sources = [(MaskOutput.MaskColumnName, output), (MaskOutput.RuleColumnName, rule)];
        if (!isMeasured)
            sources.Add((MeasuredImage.ColumnName, rule));
        temporaries.AddRange([.. sources.Select(s => s.Output), ImageMask.ColumnName]);
        foreach ((string copy, string input) in sources)
            chain = chain.Append<ITransformer>(context.Transforms.CopyColumns(copy, input));
        return chain
            .Append<ITransformer>(context.Transforms.CustomMapping<MaskOutput, ImageMask>(Map, ContractName))
            .Append<ITransformer>(context.Transforms.CopyColumns(column, ImageMask.ColumnName));
    }

    public override Action<MaskOutput, ImageMask> GetMapping() => Map;

    private static void Map(MaskOutput source, ImageMask target)
    {
        ImageSize image =
            source.Size.Length == 2 ? new ImageSize((int)source.Size.GetItemOrDefault(0), (int)source.Size.GetItemOrDefault(1)) : default;
        var rule = MaskRule.FromNumbers([.. source.Rule.DenseValues()]);
        var mask = new byte[rule.CountOf(image)];
        rule.Restore(source.Mask.IsDense ? source.Mask.GetValues() : [.. source.Mask.DenseValues()], image, mask);
        target.Mask = new VBuffer<byte>(mask.Length, mask);
    }
}
