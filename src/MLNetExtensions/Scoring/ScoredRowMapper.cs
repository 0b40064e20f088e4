using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Data;

namespace MLNetExtensions.Scoring;

/// <summary>Scores row by row, for PredictionEngine.</summary>
internal sealed class ScoredRowMapper(ScoredSchema schema, ScoringModel model) : IRowToRowMapper
{
    public DataViewSchema InputSchema => schema.Input;

    public DataViewSchema OutputSchema => schema.Output;

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns)
    {
        List<DataViewSchema.Column> columns = [.. dependingColumns];
        IEnumerable<DataViewSchema.Column> needed = schema.PassedThrough(columns);
        return columns.Exists(schema.IsAdded) ? needed.Append(schema.Input[schema.Image.Name]).Distinct() : needed;
    }

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns) =>
        new Row(schema, model, input, [.. activeColumns.Select(c => c.Index)]);

    private sealed class Row(ScoredSchema schema, ScoringModel model, DataViewRow input, HashSet<int> active) : DataViewRow, IScoreSource
    {
        private readonly float[] _scores = new float[model.OutputLength];
        private float[]? _pixels;
        private ImageColumnReader? _reader;
        private RowSlot? _slot;
        private long _scored = -1;

        public override DataViewSchema Schema => schema.Output;

        public override long Position => input.Position;

        public override long Batch => input.Batch;

        public ReadOnlySpan<float> Scores
        {
            get
            {
                if (_scored != input.Position)
                    Score();
                return _scores;
            }
        }

        public override bool IsColumnActive(DataViewSchema.Column column) => active.Contains(column.Index);

        public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            if (!IsColumnActive(column))
                throw new ArgumentOutOfRangeException(nameof(column), $"Column '{column.Name}' was not asked for when the row was made.");
            if (!schema.IsAdded(column))
                return input.GetGetter<TValue>(schema.Input[column.Index]);
            _reader ??= schema.Image.Reader(input, model.Decoder);
            return schema.Getter<TValue>(column, this);
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                _slot?.Dispose();
                input.Dispose();
            }
            base.Dispose(disposing);
        }

        private void Score()
        {
            _pixels ??= new float[model.InputLength];
            // A single row has no number worth naming in errors.
            _slot ??= new RowSlot(model.Decoder.CanvasBytes) { Row = -1 };
            _reader!.Read(_slot);
            _reader.Decode(_slot);
            PlanarPixels.ToSingle(_slot.Canvas, _pixels);
            model.Run(_pixels, 1, _scores);
            _scored = input.Position;
        }
    }
}
