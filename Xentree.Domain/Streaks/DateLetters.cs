using NodaTime;
using NodaTime.Extensions;

namespace Xentree.Domain.Streaks;

/// <summary>A <see cref="Trail"/> while a fold writes it: closed letters, then those of the open dates from today on.</summary>
internal sealed class DateLetters
{
    // A trail is cut by the UTC date, and today may be a date ahead of that, or go back by two.
    private const int Room = Trail.Kept + 4;

    private char[] _letters;
    private int _length;
    private int _today;
    private LocalDate _first;

    public DateLetters(Trail trail, LocalDate today)
    {
        _letters = new char[trail.Letters.Length + 64];
        trail.Letters.CopyTo(_letters);
        _length = trail.Letters.Length;
        _first = trail.First.ToLocalDate();
        _today = Period.DaysBetween(_first, today);
    }

    /// <summary>Today's letter.</summary>
    public char Today => _letters[_today];

    /// <summary>How many of the open dates are active.</summary>
    public int OpenActive => _letters.AsSpan(_today, _length - _today).Count(Trail.Active);

    /// <summary>Whether no open date has seen anything: neither today nor, after a flight west, one ahead.</summary>
    public bool NothingOpen => _length == _today + 1 && Today == Trail.Open;

    /// <summary>The letters of the last dates before today.</summary>
    public ReadOnlySpan<char> Closed(int count)
    {
        count = Math.Min(count, _today);

        return _letters.AsSpan(_today - count, count);
    }

    /// <summary>Makes an open date active; false when it already is.</summary>
    public bool Activate(int ahead)
    {
        while (_length <= _today + ahead) Append(Trail.Open);
        ref var letter = ref _letters[_today + ahead];
        if (letter == Trail.Active) return false;

        letter = Trail.Active;
        return true;
    }

    /// <summary>Bridges today for an outage, unless it is active.</summary>
    public void Bridge()
    {
        if (Today == Trail.Open) _letters[_today] = Trail.OutageBridged;
    }

    /// <summary>Closes today; the next date is today.</summary>
    public void Close(char letter)
    {
        _letters[_today++] = letter;
        if (_today == _length) Append(Trail.Open);
    }

    /// <summary>Opens the last closed dates again; what made them active, and outages, stand.</summary>
    public void Reopen(int back)
    {
        _today -= back;
        foreach (ref var letter in _letters.AsSpan(_today, back))
        {
            if (letter is not (Trail.Active or Trail.OutageBridged)) letter = Trail.Open;
        }
    }

    /// <summary>Closes many dates as missed, today the first of them, when <see cref="NothingOpen"/>.</summary>
    public void Skip(int days)
    {
        var kept = Math.Min(days, Room);

        if (kept < days)
        {
            _first = _first.PlusDays(_today + days - kept);
            _today = 0;
        }

        _length = _today;
        for (var i = 0; i < kept; i++) Append(Trail.Missed);
        Append(Trail.Open);
        _today = _length - 1;
    }

    /// <summary>Gives a closed date another letter.</summary>
    public void Set(LocalDate date, char letter) => _letters[Period.DaysBetween(_first, date)] = letter;

    /// <summary>The trail at an instant: no older than <see cref="Trail.Kept"/> dates before its UTC date.</summary>
    public Trail ToTrail(Instant at)
    {
        var oldest = at.InUtc().Date.PlusDays(-Trail.Kept);
        var cut = Math.Clamp(Period.DaysBetween(_first, oldest), 0, _today);

        return new Trail(_first.PlusDays(cut).ToDateOnly(), new string(_letters, cut, _length - cut));
    }

    private void Append(char letter)
    {
        if (_length == _letters.Length) Array.Resize(ref _letters, _length * 2);
        _letters[_length++] = letter;
    }
}
