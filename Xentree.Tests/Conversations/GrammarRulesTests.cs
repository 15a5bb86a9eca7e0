using Xentree.Ai;
using Xentree.Ai.Local;

namespace Xentree.Tests.Conversations;

/// <summary>Both sides of every rule: what it must mend, and the right sentences that look like it.</summary>
public sealed class GrammarRulesTests
{
    [Theory]
    [InlineData("yesterday i was ill", "yesterday I was ill")]
    [InlineData("My brother and i'm here", "My brother and I'm here")]
    [InlineData("Can i?", "Can I?")]
    [InlineData("I saw the the dog.", "I saw the dog.")]
    [InlineData("The the dog barks.", "The dog barks.")]
    [InlineData("She is a engineer.", "She is an engineer.")]
    [InlineData("A apple a day.", "An apple a day.")]
    [InlineData("We waited a hour.", "We waited an hour.")]
    [InlineData("It is a umbrella.", "It is an umbrella.")]
    [InlineData("He is an teacher.", "He is a teacher.")]
    [InlineData("I go to an university.", "I go to a university.")]
    [InlineData("It is an useful book.", "It is a useful book.")]
    [InlineData("She lives in an house.", "She lives in a house.")]
    [InlineData("He go to school.", "He goes to school.")]
    [InlineData("She always have lunch at noon.", "She always has lunch at noon.")]
    [InlineData("I am happy because she love me.", "I am happy because she loves me.")]
    [InlineData("It rain a lot.", "It rains a lot.")]
    [InlineData("She study here, he watch TV.", "She studies here, he watches TV.")]
    [InlineData("He don't like it.", "He doesn't like it.")]
    [InlineData("She do not eat meat.", "She does not eat meat.")]
    [InlineData("They is my friends.", "They are my friends.")]
    [InlineData("We was at home.", "We were at home.")]
    [InlineData("You was late.", "You were late.")]
    [InlineData("I is a student.", "I am a student.")]
    [InlineData("I has a dog.", "I have a dog.")]
    [InlineData("They doesn't know.", "They don't know.")]
    [InlineData("People is friendly.", "People are friendly.")]
    [InlineData("I think that most people has a phone.", "I think that most people have a phone.")]
    [InlineData("The children was happy.", "The children were happy.")]
    [InlineData("Everybody are here.", "Everybody is here.")]
    [InlineData("The news are good.", "The news is good.")]
    [InlineData("I have 20 years.", "I am 20 years old.")]
    [InlineData("She has twenty-two years old.", "She is twenty-two years old.")]
    [InlineData("I have 31 years and I live in Rome.", "I am 31 years old and I live in Rome.")]
    [InlineData("This is more better.", "This is better.")]
    [InlineData("My car is more faster than yours.", "My car is faster than yours.")]
    [InlineData("It was the most biggest mistake.", "It was the biggest mistake.")]
    [InlineData("I need some informations.", "I need some information.")]
    [InlineData("He gave me good advices.", "He gave me good advice.")]
    [InlineData("Can you give me an advice?", "Can you give me a piece of advice?")]
    [InlineData("It depends of the weather.", "It depends on the weather.")]
    [InlineData("Listen me, please.", "Listen to me, please.")]
    [InlineData("I am listening music.", "I am listening to music.")]
    [InlineData("We discussed about the plan.", "We discussed the plan.")]
    [InlineData("He is married with her.", "He is married to her.")]
    [InlineData("Can you explain me this word?", "Can you explain to me this word?")]
    [InlineData("I am agree with you.", "I agree with you.")]
    [InlineData("I'm not agree.", "I do not agree.")]
    [InlineData("She is agree.", "She agrees.")]
    [InlineData("I didn't went there.", "I didn't go there.")]
    [InlineData("He did not liked it.", "He did not like it.")]
    [InlineData("Did you saw him?", "Did you see him?")]
    [InlineData("Where did they went?", "Where did they go?")]
    [InlineData("She doesn't likes tea.", "She doesn't like tea.")]
    [InlineData("I want to went home.", "I want to go home.")]
    [InlineData("She decided to studied English.", "She decided to study English.")]
    [InlineData("I must to go.", "I must go.")]
    [InlineData("She can speaks French.", "She can speak French.")]
    [InlineData("Yesterday I go to the cinema.", "Yesterday I went to the cinema.")]
    [InlineData("Last week we visit London.", "Last week we visited London.")]
    [InlineData("I live here since 2015.", "I have lived here since 2015.")]
    [InlineData("I work in Rome since last year.", "I have worked in Rome since last year.")]
    [InlineData("There is many cars.", "There are many cars.")]
    [InlineData("How much friends do you have?", "How many friends do you have?")]
    [InlineData("I make my homework every day.", "I do my homework every day.")]
    [InlineData("He said me that he was ill.", "He told me that he was ill.")]
    [InlineData("You should of told me.", "You should have told me.")]
    [InlineData("I dont know.", "I don’t know.")]
    [InlineData("I speak english.", "I speak English.")]
    [InlineData("See you on monday.", "See you on Monday.")]
    public void It_mends(string wrong, string right) => Assert.Equal(right, Correction.Apply(wrong, Correction.In(wrong)));

    [Theory]
    [InlineData("I think, i.e. I believe, that it is fine.")]
    [InlineData("Let i = 1 and (i) be the first.")]
    [InlineData("He had had enough, and that that is so is clear.")]
    [InlineData("I gave her her book, and she came in in a hurry.")]
    [InlineData("The person I talked to to get it was kind.")]
    [InlineData("A university, a European city, a one-way street and a useful uniform.")]
    [InlineData("Vitamin A and vitamin C; a UFO, an FBI agent and an MP3 file.")]
    [InlineData("An hour, an honest man, an heir, an umbrella and an uncle.")]
    [InlineData("It was an historic day in an hotel.")]
    [InlineData("A unanimous vote about a ukulele.")]
    [InlineData("Does he go to school? Did she like it? Let it go.")]
    [InlineData("I suggest that he go home and that she have a rest.")]
    [InlineData("My mother and she have a shop.")]
    [InlineData("It need not be so.")]
    [InlineData("If you need it, don't wait. If you want it don't wait.")]
    [InlineData("The man next to you is my teacher, and one of you has my book.")]
    [InlineData("What they do is fine. Everyone but you has a ticket.")]
    [InlineData("The number of people is growing. Helping people is good. One of the people was late.")]
    [InlineData("I was ill. They were too. You are right; we have time.")]
    [InlineData("Those who love everyone are happy.")]
    [InlineData("I have 20 years of experience. I have two years left. I have five books.")]
    [InlineData("We need more older people and more smaller schools.")]
    [InlineData("It is much better, and more beautiful than the biggest house.")]
    [InlineData("The information desk has homework tips. An information desk is here.")]
    [InlineData("It depends, of course, on the weather. It depends on her.")]
    [InlineData("Listen to me. Listen, you two!")]
    [InlineData("They are married with two children.")]
    [InlineData("I agree. We are agreed. Do you agree?")]
    [InlineData("I didn't go. Did you see him? He did what he wanted.")]
    [InlineData("What he did made me sad. All he did was sleep.")]
    [InlineData("She used to live here, next to closed shops and used cars.")]
    [InlineData("He gave it to loved ones who needed to go.")]
    [InlineData("Do what you can to help and what you must to win.")]
    [InlineData("Yesterday was fine. I went home yesterday. Last week we visited London.")]
    [InlineData("I live in Rome since I work there.")]
    [InlineData("There are many people. There is a dog. There is two-way traffic.")]
    [InlineData("It is pretty much people like you. How much money do you have?")]
    [InlineData("Music makes homework easier.")]
    [InlineData("“Who wants it?” “I do”, he said.")]
    [InlineData("I could, of course, go. You should have told me.")]
    [InlineData("French fries and English tea on a Monday; write to me@english.com.")]
    [InlineData("Everything they have is new. All I have is yours, is it not?")]
    [InlineData("Like you, she is happy; like them, he was late.")]
    [InlineData("More often than not, we are early: the more you have, the more you want.")]
    [InlineData("An up-to-date map, a U-turn, an X-ray and a year.")]
    [InlineData("Many people have children, and people's children are people.")]
    [InlineData("When I was young, my family moved to London. We lived in a small house near the river, and I walked to school every day.")]
    [InlineData("Although it was raining, she went out because she had an appointment with an old friend who doesn’t live here any more.")]
    public void It_leaves_alone(string right) => Assert.Empty(Correction.In(right).Select(c => $"{c.Found} → {c.Replacements[0]} ({c.Category})"));

    [Theory]
    [InlineData("Mañana voy a ir a España con mi hermana, he comprado un billete.", false)]
    [InlineData("Ich habe das Buch gelesen und war dann im Kino mit meiner Schwester.", false)]
    [InlineData("Je vais a la plage avec ma soeur et mon frere demain matin.", false)]
    [InlineData("Sutra idem u London sa svojom sestrom.", false)]
    [InlineData("Yesterday i go cinema with friend.", true)]
    [InlineData("She go school.", true)]
    [InlineData("Hola", true)]
    public void A_text_of_another_language_is_noticed(string text, bool isEnglish) => Assert.Equal(isEnglish, EnglishText.IsLikely(text));

    [Fact]
    public void The_solved_exercises_break_no_rule()
    {
        foreach (var rule in GrammarRules.All)
        {
            foreach (var exercise in rule.Exercises)
            {
                Assert.Contains(Exercise.Gap, exercise.Task, StringComparison.Ordinal);
                Assert.Empty(Correction.In(exercise.Solved.Split(" (")[0]));
            }
        }
    }

    [Fact]
    public void A_long_text_without_sense_is_checked_in_good_time()
    {
        var text = string.Concat(Enumerable.Repeat("he the a more i did not to ", 1_200))[..32_000];
        var since = TimeProvider.System.GetTimestamp();

        Correction.In(text);

        Assert.InRange(TimeProvider.System.GetElapsedTime(since).TotalSeconds, 0, 5);
    }
}
